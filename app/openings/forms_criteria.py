"""The section 応募資格 of the editor: each criterion with the settings of its kind."""

from typing import Any

from wtforms import FieldList, FormField, TextAreaField

from app.core.forms import MaxLength
from app.openings.content import OpeningContent
from app.openings.form_parts import SectionForm, fresh_keys
from app.openings.forms_criterion import CriterionEntry, entry_values
from app.openings.publication_schedule import Window


class CriteriaForm(SectionForm):
    criteria = FieldList(FormField(CriterionEntry), "応募資格", max_entries=40)
    disqualification_text = TextAreaField("欠格条項", [MaxLength(8000)])

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        return {
            "disqualification_text": content.disqualification_text,
            "criteria": [
                {
                    "key": one.key,
                    "label": one.label,
                    "required": "1" if one.required else "",
                    "kind": one.kind.value,
                }
                | entry_values(one)
                for one in content.criteria
            ],
        }

    def content(self, content: OpeningContent) -> OpeningContent:
        entries = [entry.form for entry in self.criteria.entries]
        keys = fresh_keys((entry.key.data for entry in entries), "criterion_", content.criteria)
        criteria = [
            {
                "key": key,
                "kind": entry.kind.data,
                "label": entry.label.data,
                "required": bool(entry.required.data),
                "params": entry.params(),
            }
            for key, entry in zip(keys, entries, strict=True)
        ]
        text = (self.disqualification_text.data or "").replace("\r\n", "\n").strip()
        return OpeningContent.model_validate(
            content.model_dump() | {"criteria": criteria, "disqualification_text": text}
        )

    def window(self, window: Window) -> Window:
        return window
