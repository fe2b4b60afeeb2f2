"""WeChat keeps quotes, links and places as XML. It comes from strangers: no entity is ever expanded."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from bot.replay.recorded import Fault


@dataclass(frozen=True)
class Card:
    """`title` is what the sender wrote (or the link's title), `quoted` the words that it answers."""

    title: str = ""
    quoted: str = ""
    quoted_id: str | None = None


class _NoDoctype(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Fault("replay_xml_doctype")


def _root(xml: str) -> Element:
    """Entities can be declared only in a DOCTYPE, so refusing it shuts out expansion bombs and outside files."""
    parser = XMLParser(target=_NoDoctype())
    try:
        parser.feed(xml)
        return parser.close()
    except (ParseError, ValueError) as why:
        raise Fault("replay_bad_xml", why) from why


def read_card(xml: str) -> Card:
    root = _root(xml)
    app = root if root.tag == "appmsg" else root.find(".//appmsg")
    if app is None:
        return Card()
    return Card(
        title=_title(app),
        quoted=_plain(_text(app, "refermsg/content")),
        quoted_id=_text(app, "refermsg/svrid") or None,
    )


def read_place(xml: str) -> tuple[tuple[float, float], str]:
    """((latitude, longitude), label): WeChat calls the latitude x."""
    root = _root(xml)
    place = root if root.tag == "location" else root.find(".//location")
    try:
        found = place.attrib if place is not None else {}
        return (float(found["x"]), float(found["y"])), found.get("label", "")
    except (KeyError, ValueError) as why:
        raise Fault("replay_bad_location", why) from why


def _title(app: Element) -> str:
    return _text(app, "title")


def _text(node: Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _plain(content: str) -> str:
    """A quote of a picture or of another quote is XML again; only its own words can be matched."""
    if not content.startswith("<"):
        return content
    try:
        root = _root(content)
    except Fault:
        return ""
    app = root if root.tag == "appmsg" else root.find(".//appmsg")  # its own quotes, a quote in a quote, are not read
    return _title(app) if app is not None else ""
