"""Addresses of the desk and its API."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from ausrufer.desk import (
    account,
    api,
    board,
    changes,
    channel_states,
    compose,
    connecting,
    decisions,
    discarding,
    home,
    login,
    picture_views,
    posts,
    unreached,
    upload_views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("anmelden", login.Login.as_view(), name="login"),
    path("abmelden", LogoutView.as_view(), name="logout"),
    path("konto", account.account, name="account"),
    path("konto/passwort", account.ChangePassword.as_view(), name="password"),
    path("schreiben", compose.compose_new, name="compose_new"),
    path("beitraege", posts.posts, name="posts"),
    path("beitrag/<slug:address>", board.post_page, name="post"),
    path("beitrag/<slug:address>/schreiben", compose.compose, name="compose"),
    path("beitrag/<slug:address>/bilder", picture_views.change_pictures, name="pictures"),
    path("beitrag/<slug:address>/veroeffentlichen", compose.publish, name="publish"),
    path("beitrag/<slug:address>/zustimmung", compose.ask, name="ask"),
    path("beitrag/<slug:address>/verwerfen", discarding.discard_draft, name="discard"),
    path("beitrag/<slug:address>/zustellung", board.board, name="board"),
    path("beitrag/<slug:address>/zustellung/stand", board.board_now, name="board_now"),
    path("beitrag/<slug:address>/zustellung/<uuid:key>", decisions.decide, name="decide"),
    path("beitrag/<slug:address>/zustellung/<uuid:key>/adressen", unreached.unreached_addresses, name="unreached"),
    path("beitrag/<slug:address>/abschrift", decisions.copy, name="copy"),
    path("beitrag/<slug:address>/berichtigen", changes.correct, name="correct"),
    path("beitrag/<slug:address>/zuruecknehmen", changes.withdraw, name="withdraw"),
    path("beitrag/<slug:address>/hochladen", upload_views.start, name="upload_start"),
    path("beitrag/<slug:address>/videos", upload_views.progress, name="video_progress"),
    path("hochladen/<uuid:key>", upload_views.Pieces.as_view(), name="upload"),
    path("bild/<str:name>", picture_views.show_picture, name="picture"),
    path("kanaele", channel_states.channels, name="channels"),
    path("kanaele/neu", connecting.new_channel, name="new_channel"),
    path("kanaele/zugestimmt", connecting.agreed, name="agreed"),
    path("kanaele/<slug:key>/verbinden", connecting.connect, name="connect"),
    path("kanaele/<slug:key>/pruefen", connecting.test_channel, name="test_channel"),
    path("kanaele/<slug:key>/stilllegen", connecting.stop_channel, name="stop_channel"),
    path("kanaele/<slug:key>/entfernen", connecting.remove_channel, name="remove_channel"),
    path("kanaele/<slug:key>", channel_states.change_channel, name="change_channel"),
    path("api/posts", api.create, name="api_create"),
    path("api/posts/<slug:address>", api.read, name="api_read"),
]
