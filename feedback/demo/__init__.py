"""What Lysbro's customers say when they are asked: the surveys of the demo company.

Built after the customers, from the same seed. The story goes on, see `customers.demo`:

11. Whoever cancels is asked why. Most give the reason that was recorded; some give another.
12. Each quarter a fifth of the customers is asked whether they would recommend Lysbro. Their scores
    often fall before they leave. Not always: a few were promoters to the end.
13. After a ticket they are asked how satisfied they are, and those who wrote during the outage were
    asked whether it was easy to get help.
14. Two things come back in what they write: the mobile app is slow, since this summer, and the
    invoices are hard to understand, since the price rise.
    Both were noticed, taken up as themes, and most of their comments confirmed; newer ones wait.
15. Scanners of mail answered some links; what they sent is set aside. The survey about the product
    was never sent to anybody.
"""

from customers.demo.steps import register
from feedback.demo.building import build

register(build)
