"""What files call our columns, in English, Norwegian, Danish, Swedish and German.

Words are compared without case, marks and separators: "Kunde-Nr." is "kundenr". A name may stand
under several columns; the kind of file decides.
"""

COLUMNS: dict[str, str] = {
    "customer_id": """
        customer, customer no, customer number, customer code, account id, account, account no,
        account number, client id, client, company id, organization id, organisation id, tenant
        id, workspace id, user id, kunde, kunde id, kundenr, kundenummer, kund, kund id, kundnr,
        kundnummer, kundennr, kundennummer, kunden id, konto, konto id, kontonr""",
    "name": """
        customer name, account name, company, company name, client name, organisation,
        organization, full name, contact name, feature name, navn, kundenavn, firma, firmanavn,
        selskap, virksomhed, kontaktperson, namn, kundnamn, företag, företagsnamn, kundenname,
        firmenname, unternehmen, ansprechpartner""",
    "organisation_number": """
        organisation no, organization number, org no, org nr, orgnr, org number, company number,
        registration number, business id, vat number, vat id, organisasjonsnummer, cvr, cvr
        nummer, organisationsnummer, handelsregisternummer, ust id""",
    "parent_id": """
        parent, parent account, parent company, parent account id, group id, morselskap,
        overordnet kunde, moderselskab, moderbolag, moderföretag, muttergesellschaft, mutterfirma,
        konzern id""",
    "signed_up_on": """
        signup date, sign up date, signed up, signed up at, signup, created, created at, created
        on, customer since, registered, registration date, joined, opprettet, registrert,
        registreringsdato, kunde siden, oprettet, tilmeldt, skapad, registrerad,
        registreringsdatum, kund sedan, erstellt, erstellt am, kunde seit, registriert am,
        anmeldedatum""",
    "owner_email": """
        owner, account manager, account owner, csm, csm email, responsible, customer success
        manager, ansvarlig, kundeansvarlig, kundeansvarlig e-post, ansvarig, kundansvarig,
        betreuer, kundenbetreuer, verantwortlich""",
    "country": "country code, land, landkode, landekode, landskod, ländercode, länderkennzeichen",
    "language": "language code, lang, locale, språk, sprog, sprache",
    "currency": "currency code, iso currency, valuta, valutakode, valutakod, währung, währungscode",
    "email": """
        e mail, mail, email address, e post, epost, e postadresse, mailadresse, e postadress,
        epostadress, e mail adresse, emailadresse""",
    "role": "title, job title, position, function, rolle, stilling, roll, befattning, funktion",
    "left_on": """
        left, left at, end of employment, sluttet, sluttdato, fratrådt, slutade, slutdatum,
        ausgeschieden, austritt, ausgeschieden am""",
    "subscription_id": """
        subscription, subscription no, subscription number, contract id, contract number,
        agreement id, abonnement, abonnement id, abonnementsnr, abonnementsnummer, avtale id,
        avtalenr, aftale id, aftalenr, abonnemang, abonnemang id, abonnemangsnummer, avtals id,
        avtalsnr, abo id, abo, abonummer, vertrags id, vertragsnr, vertragsnummer""",
    "plan": """
        plan name, plan tier, plan code, tier, product, product name, package, subscription plan,
        plan id, edition, produkt, produktnavn, pakke, abonnementstype, produktnamn, paket,
        abonnemangstyp, tarif, produktname""",
    "starts_on": """
        start, start date, starts, starts at, start on, period start, from, from date, valid from,
        begin, begin date, effective from, startdato, fra, fra dato, fradato, gyldig fra,
        startdatum, från, från datum, gäller från, beginn, von, ab, gültig ab, vertragsbeginn""",
    "ends_on": """
        end, end date, ends, ends at, period end, to, to date, until, valid to, valid until, ended
        at, termination date, sluttdato, til, til dato, tildato, gyldig til, slutdato, slutdatum,
        till, till datum, gäller till, ende, bis, gültig bis, vertragsende, enddatum""",
    "amount": """
        mrr, mrr amount, monthly amount, monthly price, annual price, yearly price, arr, arr
        amount, annual amount, price, unit price, total, value, sum, cost, fee, revenue, beløp,
        pris, månedspris, årspris, kostnad, beløb, belopp, summa, månadspris, betrag, preis,
        monatspreis, jahrespreis, kosten""",
    "interval": """
        billing interval, billing period, billing frequency, billing cycle, period, frequency,
        term, intervall, faktureringsintervall, faktureringsperiode, periode, termin,
        betalingsinterval, faktureringsperiod, abrechnungsintervall, abrechnungszeitraum,
        zahlungsintervall, turnus""",
    "quantity": """
        seats, licenses, licences, units, number of seats, users, qty, antall, antall brukere,
        lisenser, antal, antal brugere, licenser, antal användare, anzahl, menge, lizenzen,
        benutzeranzahl""",
    "kind": """
        type, term type, subscription type, status type, channel type, interaction type, survey
        type, art, slag, sort, typ, kategori""",
    "is_trial": """
        trial, is trial period, trial flag, prøve, prøveperiode, er prøve, provperiod, är prov,
        testphase, ist test, testversion""",
    "contract_ends_on": """
        contract end, contract end date, contract ends, renewal date, renews on, committed until,
        kontraktslutt, avtaleslutt, bindingstid til, fornyelsesdato, kontraktudløb,
        bindingsperiode, avtalsslut, bindningstid till, förnyelsedatum, vertragsende am,
        verlängerungsdatum, laufzeitende, mindestlaufzeit bis""",
    "notice_by": """
        notice date, notice deadline, cancel by, cancellation deadline, oppsigelsesfrist,
        opsigelsesfrist, uppsägningsfrist, uppsägning senast, kündigungsfrist, kündbar bis""",
    "auto_renews": """
        auto renew, auto renewal, auto renew flag, renews automatically, automatisk fornyelse,
        fornyes automatisk, automatisk förnyelse, förnyas automatiskt, automatische verlängerung""",
    "recorded_at": """
        recorded, known since, known at, registrert tidspunkt, registreret, erfasst am, bekannt
        seit""",
    "superseded_at": "superseded, known until, erstattet, ersatt, ersetzt am, bekannt bis",
    "external_id": """
        id, ticket id, ticket no, case id, event id, churn event id, cancellation id, reference,
        saksnr, sak id, referanse, sagsnr, sags id, reference nr, ärende id, ärendenr, referens,
        vorgangsnr, fallnummer, referenz""",
    "requested_at": """
        requested, requested on, request date, notice given, notice given on, notified at,
        cancelled at, canceled at, oppsagt, oppsagt dato, opsagt, opsagt den, uppsagd, uppsagd
        datum, gekündigt am, kündigungsdatum, kündigung eingegangen""",
    "effective_on": """
        effective, effective date, effective at, churn date, churned at, churned on, churn on,
        cancellation date, cancel date, end date, date, gjelder fra, opphørsdato, sluttdato,
        ophørsdato, slutdato, upphör, slutdatum, wirksam am, wirksam zum, vertragsende, datum""",
    "reason": """
        reason code, churn reason, cancellation reason, cancel reason, cause, årsak, grunn,
        oppsigelsesårsak, årsag, grund, opsigelsesårsag, orsak, anledning, uppsägningsorsak,
        kündigungsgrund, ursache""",
    "comment": """
        comments, feedback, feedback text, text, notes, note, remarks, free text, kommentar,
        kommentarer, merknad, bemærkning, anmärkning, bemerkung, anmerkung, freitext""",
    "competitor": """
        competitor name, lost to, switched to, konkurrent, tapt til, tabt til, förlorad till,
        wettbewerber, mitbewerber, gewechselt zu""",
    "involuntary": "is involuntary, involuntary churn, ufrivillig, ofrivillig, unfreiwillig",
    "feature": """
        feature name, feature id, feature code, module, function, event, event name, action,
        funksjon, modul, funktion, hendelse, hændelse, händelse, ereignis""",
    "day": """
        date, usage date, used on, used at, event date, timestamp, dato, dag, bruksdato, datum,
        användningsdatum, tag, nutzungsdatum""",
    "count": """
        usage count, uses, events, event count, number, times, total, antall, antal, anzahl,
        nutzungen""",
    "month": "date, period, måned, maned, dato, månad, datum, monat, zeitraum, mnd",
    "channel": "source, campaign, medium, kanal, kilde, kampanje, källa, kampanj, quelle, kampagne",
    "purpose": "goal, objective, formål, hensikt, syfte, ändamål, zweck, ziel",
    "occurred_at": """
        occurred, occurred on, date, time, timestamp, created at, created, submitted at,
        submitted, opened at, sent at, tidspunkt, dato, opprettet, oprettet, tidpunkt, datum,
        skapad, zeitpunkt, erstellt am, eröffnet am""",
    "summary": """
        subject, description, text, message, title, body, content, note, notes, emne, beskrivelse,
        sammendrag, resumé, ämne, beskrivning, sammanfattning, betreff, beschreibung,
        zusammenfassung, inhalt""",
    "survey": """
        survey name, questionnaire, survey title, undersøkelse, spørreundersøkelse, skjema,
        undersøgelse, spørgeskema, undersökning, enkät, umfrage, befragung, fragebogen""",
    "answered_at": """
        answered, answered on, submitted at, submitted, submission date, response date, responded
        at, completed at, date, timestamp, besvart, svart, svardato, besvaret, svaret, besvarad,
        svarsdatum, svarad, dato, tidspunkt, datum, tidpunkt, beantwortet am, beantwortet,
        antwortdatum, zeitpunkt""",
    "score": """
        nps, nps score, rating, points, grade, csat, csat score, ces, ces score, karakter, poeng,
        poengsum, vurdering, score 0 10, point, bedømmelse, vurdering 0 10, betyg, poäng,
        bewertung, punkte, punktzahl, note""",
    "contact_email": """
        contact, respondent, respondent email, email, e mail, mail, email address, e post, epost,
        e postadresse, mailadresse, e postadress, epostadress, e mail adresse, emailadresse""",
    "cancellation_id": """
        cancellation, churn event id, churn id, departure id, oppsigelse, oppsigelses id,
        opsigelse, opsigelses id, uppsägning, uppsägnings id, kündigung, kündigungs id""",
    "site": """
        platform, network, portal, review site, posted on, nettsted, plattform, platform, kilde,
        webbplats, källa, plattform""",
    "rating": """
        stars, star rating, rating of 5, stjerner, terningkast, stjärnor, betyg, sterne""",
    "author": """
        author name, reviewer, reviewer name, user, username, posted by, forfatter, avsender,
        anmelder, författare, avsändare, recensent""",
    "author_email": "author email, reviewer email, email, e mail, e post, epost, mail",
    "company": """
        company name, organisation, organization, firma, bedrift, selskap, virksomhed, företag""",
    "website": """
        web site, domain, company website, homepage, nettside, hjemmeside, domene, hemsida,
        domän""",
    "url": "link, permalink, review url, post url, lenke, länk, adresse",
    "replied_at": "replied, reply date, answered at, besvart, besvaret, besvarad, svart",
    "sentiment": "mood, tone, stemning, holdning, känsla, stimmung",
    "status": "state, payment status, ticket status, tilstand, betalingsstatus, stand, zustand",
    "first_reply_at": """
        first reply, first response, first response at, responded at, første svar, første svar kl,
        första svar, första svar kl, erste antwort, erste antwort am""",
    "closed_at": """
        closed, closed on, resolved at, solved at, lukket, løst, afsluttet, stängd, löst,
        avslutad, geschlossen am, gelöst am""",
    "complaint": """
        is complaint, escalation, escalated, escalation flag, klage, er klage, klagomål,
        beschwerde, reklamation""",
    "on": "date, day, rate date, valid from, dato, dag, kursdato, datum, kursdatum, tag, stichtag",
    "rate": """
        exchange rate, fx rate, fx, value, kurs, valutakurs, växelkurs, wechselkurs, umrechnung""",
    "released_on": """
        released, released at, release date, launched, launched on, lansert, lanseringsdato,
        lanceret, lanceringsdato, lanserad, lanseringsdatum, veröffentlicht am""",
    "plans": """
        plan, in plans, included in, planer, inkludert i, inkluderet i, ingår i, pläne, tarife""",
    "due_on": """
        due, due date, due at, invoice date, payment date, date, forfall, forfallsdato, forfald,
        forfaldsdato, förfallodatum, förfaller, fällig, fällig am, fälligkeit, fälligkeitsdatum""",
}

# Amounts that are a row's whole revenue: how many units and how often is in them already.
WHOLE_AMOUNTS = {
    "mrr": "month", "mrr amount": "month", "monthly amount": "month",
    "arr": "year", "arr amount": "year", "annual amount": "year",
}  # fmt: skip
# Prices of one unit that say how often.
PRICES = {
    "monthly price": "month", "månedspris": "month", "månadspris": "month", "monatspreis": "month",
    "annual price": "year", "yearly price": "year", "årspris": "year", "jahrespreis": "year",
}  # fmt: skip
