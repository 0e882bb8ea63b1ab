"""QR codes, as SVG that stands in the page."""

from __future__ import annotations

import segno

QUIET_ZONE = 4
"""Light modules around the code, as ISO/IEC 18004 asks."""


def qr_svg(text: str) -> str:
    """A QR code of the text: an <svg> of class `qr`, without styles, ids or a size of its own.

    Up to 15 % of it can be smudged (level M). The element around it gives the role and the name.
    Raises ValueError for more text than a code holds, about 2,300 bytes.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    svg: str = code.svg_inline(
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass="qr-dark",
        omitsize=True,
    )
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
