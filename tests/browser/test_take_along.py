"""The diary that a parent takes along opens from the disk of a phone, by itself."""

from tests.browser.axes import faults
from tests.browser.conftest import PHONE, browse


def test_it_is_downloaded_and_reads_without_the_house(chromium, opens, tmp_path):
    parent = opens(bypass_csp=True)
    parent.moves_in("Marit")
    parent.goes("/entries/new?kind=incident")
    parent.chooses("Limit iemand of iets kwam in gevaar")
    parent.types("In je eigen woorden", "Stond ineens bij de weg.")
    parent.taps_on("Bewaar")
    parent.goes("/settings")
    parent.taps_on("Je dagboek meenemen", "link", exact=False)
    assert parent.reads("Om te lezen")
    found = faults(parent.page, "the two buttons", laptop=True)
    with parent.page.expect_download() as coming:
        parent.taps_on("Download om te lezen")
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)

    context = browse(chromium, PHONE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.get_by_text("Stond ineens bij de weg.").is_visible()
    assert page.locator("article svg.icon use").first.evaluate("drawing => drawing.getBBox().width") > 0
    assert found | faults(page, "the file", laptop=True) == {}
    page.add_style_tag(content="@layer base { html { font-size: 212.5%; } }")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
