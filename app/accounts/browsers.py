"""A browser in plain words, from what it says of itself."""

_BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
_MACHINES = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux")),
)


def browser_words(user_agent: str) -> str:
    """Say machine and browser: 「Windows の Edge」; what is not known is said to be so."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), None)
    machine = next((word for mark, word in _MACHINES if mark in user_agent), None)
    if browser and machine:
        return f"{machine} の {browser}"
    return browser or machine or "種類のわからないブラウザー"
