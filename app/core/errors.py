"""Errors that are answers to people. A subclass of DomainError carries a sentence fit for them and is shown as 409."""


class DomainError(Exception):
    """A broken rule. The message says in Japanese what happened and what to do next."""

    status = 409

    def __init__(self, message: str, way: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.way = way  # label and address of where to go on, set by the route that knows it


class NotFound(DomainError):
    """The thing is not there for this person: nonexistent, another city's and forbidden look the same (404).

    It has no message of its own, so that its page is that of an address without a route.
    """

    status = 404

    def __init__(self) -> None:
        super().__init__("")


class StaleWrite(DomainError):
    """Somebody else saved the same thing first."""

    def __init__(self) -> None:
        super().__init__("ほかの画面で先に保存されました。最新の内容を読み込み、もう一度入力してください。")


class TooManyTries(DomainError):
    """A limit on tries was reached (429); `retry_after` is in seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        super().__init__(f"回数が多いため、しばらく受け付けられません。約{minutes}分後にもう一度お試しください。")
        self.retry_after = retry_after
