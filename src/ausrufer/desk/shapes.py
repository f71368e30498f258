"""The shapes of states (look sheet, section 5): drawn with the current colour, so they stay in forced colours."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

RING = '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2"/>'
DISC = '<circle cx="9" cy="9" r="8" fill="currentColor"/>'
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
CUT = 'fill="none" class="cut" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'

SHAPES = {
    "ring": RING,
    "clock": f'{RING}<path d="M9 5v4.2l2.6 1.6" {STROKE}/>',
    "half": f'{RING}<path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor"/>',
    "ring-dot": f'{RING}<circle cx="9" cy="9" r="3" fill="currentColor"/>',
    "tick": f'{DISC}<path d="M5.4 9.3l2.4 2.4 4.8-5" {CUT}/>',
    "broken": (
        '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2.5"/>'
        '<text x="9" y="12.6" text-anchor="middle" font-size="10" font-weight="600" fill="currentColor">?</text>'
    ),
    "cross": (
        f'<rect x="1.5" y="1.5" width="15" height="15" rx="2" fill="currentColor"/><path d="M6 6l6 6M12 6l-6 6" {CUT}/>'
    ),
    "dash": f'<path d="M3 9h12" {STROKE}/>',
    "back": f'<path d="M7 4L3 8l4 4M3 8h8a4 4 0 0 1 0 8H9" {STROKE}/>',
    "triangle": f'<path d="M9 2l7.6 14H1.4z" {STROKE}/><path d="M9 7.4v3.8m0 2.4v.1" {STROKE}/>',
    "shorter": f'<path d="M2 4h14M2 9h9M2 14h6M14 9v6m-2.5-2.5L14 15l2.5-2.5" {STROKE}/>',
}


def shape_of(name: str) -> SafeString:
    head = f'class="shape shape--{name}" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"'
    return mark_safe(f"<svg {head}>{SHAPES[name]}</svg>")  # constants of this file only
