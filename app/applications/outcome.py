"""Where a press of a button on a step leads."""

from dataclasses import dataclass

from app.applications.steps import Step


@dataclass(frozen=True)
class Outcome:
    """Where a press of a button leads: to a step (None: 確認) or home; `is_tried`: the step asks for what it lacks.

    `verifies`: to the code for the mail address, and back to the step.
    `wonders`: all is saved, and the step asks once about what may be a slip.
    `asks_about`: the question of which is to be chosen first whose text goes to all.
    """

    step: Step | None
    anchor: str = ""
    is_tried: bool = False
    goes_home: bool = False
    message: str = ""
    asks_about: str = ""
    verifies: bool = False
    wonders: bool = False
