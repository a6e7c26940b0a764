"""The topics of mail that every organisation begins with, in our four languages."""

from typing import Any

SURVEYS = ("survey.exit", "survey.nps", "survey.csat", "survey.ces", "survey.product")
OFFERS = ("campaign.win_back", "campaign.retention", "campaign.renewal", "campaign.loyalty")


def said(name: str, about: str) -> dict[str, str]:
    return {"name": name, "about": about}


TOPICS: tuple[dict[str, Any], ...] = (
    {
        "code": "surveys",
        "purpose": "survey",
        "kinds": [*SURVEYS],
        "words": {
            "en": said("Surveys", "Short questions about how you get on with us."),
            "nb": said("Spørreundersøkelser", "Korte spørsmål om hvordan det går hos oss."),
            "da": said("Spørgeskemaer", "Korte spørgsmål om, hvordan det går hos os."),
            "sv": said("Enkäter", "Korta frågor om hur det går hos oss."),
        },
    },
    {
        "code": "offers",
        "purpose": "campaign",
        "kinds": [*OFFERS],
        "words": {
            "en": said("Offers", "Discounts, renewals and invitations to come back."),
            "nb": said("Tilbud", "Rabatter, fornyelser og invitasjoner til å komme tilbake."),
            "da": said("Tilbud", "Rabatter, fornyelser og invitationer til at komme tilbage."),
            "sv": said("Erbjudanden", "Rabatter, förnyelser och inbjudningar att komma tillbaka."),
        },
    },
    {
        "code": "news",
        "purpose": "campaign",
        "kinds": ["campaign.news"],
        "words": {
            "en": said("Product news", "What is new, and what we have put right."),
            "nb": said("Produktnyheter", "Hva som er nytt, og hva vi har rettet."),
            "da": said("Produktnyheder", "Hvad der er nyt, og hvad vi har rettet."),
            "sv": said("Produktnyheter", "Vad som är nytt och vad vi har rättat till."),
        },
    },
    {
        "code": "guides",
        "purpose": "campaign",
        "kinds": ["campaign.onboarding", "campaign.check_in"],
        "words": {
            "en": said("Guides and check-ins", "Help to get started and to get more out of it."),
            "nb": said("Veiledning og oppfølging", "Hjelp til å komme i gang og få mer ut av det."),
            "da": said(
                "Vejledning og opfølgning", "Hjælp til at komme i gang og få mere ud af det"
            ),
            "sv": said("Guider och uppföljning", "Hjälp att komma i gång och få ut mer av det."),
        },
    },
    {
        "code": "referral",
        "purpose": "campaign",
        "kinds": ["campaign.referral"],
        "words": {
            "en": said("Recommending us", "Invitations to tell others about us."),
            "nb": said("Anbefalinger", "Invitasjoner til å fortelle andre om oss."),
            "da": said("Anbefalinger", "Invitationer til at fortælle andre om os."),
            "sv": said("Rekommendationer", "Inbjudningar att berätta för andra om oss."),
        },
    },
)
