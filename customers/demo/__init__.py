"""A demo company to show the product with: Lysbro, work planning for Nordic trades and services.

Everything is made from a seed and a day, so that the same pair always gives the same company.
The story, as a sales person can tell it (dates move with `today`, see `world.Story`):

1. Lysbro opened three years ago and sells four plans, Start, Team, Business and Enterprise, by
   the month or the year, in Norway, Sweden, Denmark and Finland.
2. Last autumn it raised its prices by a tenth. Start customers in Sweden took it badly: their
   churn of that quarter stands out in the segment `plan=start&country=SE`.
3. Customers with guided onboarding stay far longer than those who set it up themselves; the
   cohort table grouped by `onboarding` shows it from the third month on.
4. In Denmark a competitor, Planvind, has been winning Team and Business customers this year.
5. Ten weeks ago the feature Forecast came to Business and Enterprise. One in four never opened it.
6. Five weeks ago the service was down for most of two days: tickets and complaints rose, some
   are still open, and some customers have given notice over it.
7. Use usually falls before a customer leaves. Not always: a few left in full use, and some
   slumps passed by themselves.
8. Some departures became known late, and some orders were keyed in wrongly and corrected after
   the month was reported: the figures "as reported then" differ from today's.
9. The old plan Basis was moved to Start at the same price: nothing happened, and no figure moves.
10. Enterprise customers were told last week that their price rises by a twelfth the month after
    next: early warning lists them now.

Higher apps tell their own parts of the story as further steps, see `steps`.
"""
