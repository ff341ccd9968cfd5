"""One parent may add a moment for the other, who agreed to reminders; and may not fill the other's list."""

import re


def test_nobody_fills_the_list_of_the_other_parent_without_end(marit, joins):
    joost = joins(marit, "Joost")
    for parent in (marit, joost):
        parent.post("/reminders", {"kind": "evening"})
    other = re.search(r'name="others" value="([\w-]+)"', joost.get("/reminders").text).group(1)
    answers = []
    for n in range(14):
        fields = {"kind": "own", "label": f"zilverstruik {n}", "at": "19:00", "days": ["1"], "others": other}
        answers.append(joost.post("/reminders", fields))
    assert [answer.status_code for answer in answers] == [302] * 12 + [422] * 2
    assert "zilverstruik 13" in answers[-1].text
    assert "Er staan al twaalf eigen momenten." in answers[-1].text
    assert "zilverstruik 11" in marit.get("/reminders").text
    for path in re.findall(r"/reminders/[0-9a-f-]{36}/end", joost.get("/reminders").text):
        joost.post(path)
    for n in range(14, 20):
        fields = {"kind": "own", "label": f"goudregen {n}", "at": "19:00", "days": ["1"], "others": other}
        assert joost.post("/reminders", fields).status_code == 302
    assert "goudregen" not in marit.get("/reminders").text
