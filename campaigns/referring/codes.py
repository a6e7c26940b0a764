"""Why a referral brings nothing, or not yet: codes; `campaigns.referral_words` has the words."""

SELF, SAME_ADDRESS, SAME_DOMAIN = "self", "same_address", "same_domain"
EXISTING, FORMER, TOO_LATE = "existing_customer", "former_customer", "too_late"
BEFORE, LEFT_EARLY, NO_SIGN_UP = "referred_before", "left_early", "no_sign_up"
REFERRER_LIMIT, MONTH_LIMIT, BY_HAND = "referrer_limit", "month_limit", "by_hand"
