"""Forms that htmx sends without leaving the page."""

from __future__ import annotations

from markupsafe import Markup

_ATTRIBUTES = Markup(
    " hx-boost=\"target:#main select:#main selectOOB:#preferences swap:'outerHTML show:none'"
    ' request.timeout:0{anchor}" hx-status:4xx="push:false" hx-status:50x="push:false"'
    ' hx-disable="findAll button"'
)


def boosted(anchor: str = "") -> Markup:
    """The attributes of such a form, for its tag: the #main of the answer replaces the page's.

    The answer is a whole page, so a view knows nothing of it, and without scripts the browser sends
    the form. It has to come back to pages with the same header, styles and scripts: nothing else is
    replaced but the choices at the foot, which hold an address and a token. What is refused leaves
    the address alone. There is no time limit, as for any form. `anchor` is where the view's
    redirect points to, which fetch does not tell. The page calls the macro
    boosting_scripts.
    """
    return _ATTRIBUTES.format(anchor=Markup(" request.anchor:{}").format(anchor) if anchor else "")
