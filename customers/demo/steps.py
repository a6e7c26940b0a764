"""What higher apps add to the demo company, once its customers are loaded."""

from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

from customers.demo.company import Company

Step = Callable[[Company], None]
STEPS: list[Step] = []


def register(step: Step) -> None:
    """Add a step, run in the transaction that loads the company and before flags are raised.

    An app's module `demo` calls this; it is found by its name when the company is built.
    """
    if step not in STEPS:
        STEPS.append(step)


def take_further(company: Company) -> None:
    """Run the steps of all apps, in the order in which the apps are installed."""
    autodiscover_modules("demo")
    for step in STEPS:
        step(company)
