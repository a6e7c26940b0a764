"""What stands on the timelines, in the customer's language; braces are filled in when drawn."""

from customers.demo.phrases import da, en, nb, sv

BY_LANGUAGE = {"en": en.SAID, "nb": nb.SAID, "da": da.SAID, "sv": sv.SAID}
