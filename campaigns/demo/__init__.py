"""What Lysbro does to keep customers and to win them back: campaigns, offers, fixes, a way out.

Built after surveys and their answers, from the same seed. The story goes on, see `feedback.demo`:

16. Ten months ago those who had left were offered three months at a lower price.
    Many came back at that price, hardly anybody of the holdout did: an effect that can be shown.
17. Half a year ago Start and Team customers got mails that asked how things are. They stayed as
    often as those who got none: no effect can be shown.
18. A win-back of those lost to Planvind in Denmark was too small to say anything.
19. Another win-back runs and flows: each week those who left lately come in.
20. The mobile app is fast again. Those who complained of it are told so, in their own words; what
    is hard to understand in invoices is put right too, and nobody was told yet.
21. Whoever wants to leave goes through a cancel flow since spring; some stay, by an offer or help.
22. One campaign is paused, one begins next week, one is still a draft. An offer has spent its
    budget, and one waits until a second person approves it.
23. The library holds eight contents, most of them in four languages; one has expired, one is
    still a draft. One in four customers has not found Forecast: it is recommended to them where
    enough similar ones that stayed use it.
"""

from campaigns.demo.building import build
from campaigns.demo.library import fill_library
from customers.demo.steps import register

register(build)
register(fill_library)
