"""Texts that have broken somebody's publishing before."""

from __future__ import annotations

STORM = "Ab 18 Uhr drohen schwere Sturmböen. Bitte meiden Sie Wälder, Parks und Friedhöfe – „Lebensgefahr“! "
FAMILY = "👨‍👩‍👧‍👦"
LONG_LINK = "https://www.stadt.example/fileadmin/bauen/plaene/" + "umleitung-" * 30 + "2026.pdf?a=1&b=2#seite"

NASTY = {
    "short": "Die Brücke ist gesperrt.",
    "umlauts": "Größere Überschwemmungsübungen an der Mosel: äöüÄÖÜß " * 20,
    "emoji_families": f"Kinderfest {FAMILY} heute. " * 40,
    "only_emoji": FAMILY * 200,
    "flags": "🇩🇪🇱🇺🇫🇷 " * 150,
    "skin_tones_and_keycaps": "👍🏽 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 " * 60,
    "right_to_left": "تنبيه: الجسر مغلق حتى إشعار آخر. " * 30,
    "mixed_directions": "Warnung / تنبيه: Brücke gesperrt. " * 30,
    "combining_marks": "Gro\u0308ßere Bru\u0308cke. " * 60,
    "two_thousand_characters": (STORM * 30)[:1999] + ".",
    "one_endless_word": "Donaudampfschifffahrtsgesellschaft" * 40,
    "bare_domain": "Mehr auf trier.de und www.stadt.example/karte sowie stadt.example. " * 12,
    "abbreviations": "Sperrung Zurmaiener Str.Nr.5 bis z. B. 30. November ab ca. 18 Uhr, Tel. 0651 718-0. " * 10,
    "hashtags": "Baustelle in #Trier-Nord und #TrierWest_1, siehe #Straßensperrung! " * 12,
    "mentions": "Danke an @feuerwehr@social.example und @thw, dora@stadt.example fragt nach. " * 12,
    "long_link": f"Alle Pläne: {LONG_LINK} – bitte beachten. " * 3,
    "link_at_the_cut": "Wort " * 95
    + "https://www.stadt.example/sehr/lange/adresse/die/nicht/geteilt/werden/darf?x=1 Ende.",
    "only_a_link": LONG_LINK,
    "link_in_brackets": "Karte (https://www.stadt.example/karte_(sued)/a) und mehr. " * 15,
    "markup": "<script>alert('x')</script> & *fett* _kursiv_ `code` [Text](https://stadt.example) " * 10,
    "line_breaks": "Zeile\r\nZeile\r\n\r\n\r\nAbsatz\rEnde \n" * 30,
    "zero_width": "Mosel\u200bbrücke\u2060 gesperrt\u00ad\u00a0heute. " * 40,
    "surroundings_of_white_space": "   \n\t Die Brücke ist gesperrt. \n\n  ",
}
