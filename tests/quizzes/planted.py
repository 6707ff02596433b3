"""Faults to plant in the curriculum: of every kind that the linter finds, with the words by which it is found."""

SLUG, SENSITIVE, OLDER, STAFF = "close-leave-tell", "my-picture-my-no", "asked-for-a-picture", "staff-terms"


def text(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


def body(fr: str, en: str = "Here is a calm sentence."):
    return lambda module: module["steps"][0].update(body=text(fr, en))


def scenario(module):
    return next(step["scenario"]["scenes"] for step in module["steps"] if step["kind"] == "scenario")


def ending(module):
    return next(scene for scene in scenario(module) if scene.get("is_ending"))


def ones(quiz, *forms):
    return [q for form in forms or ("a", "b", "booster") for q in quiz[form] if q["kind"] == "one"]


def matches(quiz):
    return [q for form in ("a", "b", "booster") for q in quiz[form] if q["kind"] == "match"]


def of(helplines, territory, kind):
    return next(x for x in helplines["helplines"] if x["territory"] == territory and kind in x["slug"])


def right(question):
    return next(choice for choice in question["choices"] if choice.get("is_right"))


def give_away_by_length(quiz):
    for choice in ones(quiz, "a")[0]["choices"]:
        choice["text"] = text("Un peu long " * (6 if choice.get("is_right") else 1), "Quite long " + choice["id"])


def longest_is_right(quiz):
    for question in ones(quiz, "a"):
        for choice in question["choices"]:
            choice["text"] = text("Dire " + "a" * (9 + choice.get("is_right", False)), "Tell " + choice["id"])


def always_first(quiz):
    for question in ones(quiz):
        question["choices"].sort(key=lambda choice: not choice.get("is_right", False))


def always_true(quiz):
    for question in (q for form in ("a", "b", "booster") for q in quiz[form] if q["kind"] == "true_false"):
        for choice in question["choices"]:
            choice["is_right"] = choice["id"] == "true"


def all_right(quiz):
    for choice in next(q for q in quiz["a"] if q["kind"] == "several")["choices"]:
        choice["is_right"] = True


def one_objective(quiz):
    for form in ("a", "b"):
        for question in quiz[form]:
            question["objective"] = "close-and-leave"


def trap(module):
    """Two scenes that lead only to one another."""
    scenes = scenario(module)
    reply = scenes[0]["replies"][0]
    scenes[0]["replies"].append(dict(reply, id="in", to="trap-a"))
    scenes.append(dict(scenes[0], id="trap-a", replies=[dict(reply, to="trap-b")]))
    scenes.append(dict(scenes[0], id="trap-b", replies=[dict(reply, to="trap-a")]))


def unreachable(module):
    scene = dict(ending(module), id="nowhere")
    scenario(module).append(scene)


def same_in_both(module):
    module["steps"][0]["title"] = text("Information", "Information")


def believed_by_everybody(module):
    """Every text that says what to do when nobody believes: taken away."""
    calm = text("Un adulte aide.", "An adult helps.")
    module["steps"][:] = [step for step in module["steps"] if step["kind"] in ("text", "scenario")]
    for step in module["steps"]:
        step["body"] = calm
        for scene in step.get("scenario", {}).get("scenes", []):
            scene["text"] = calm
            for reply in scene.get("replies", []):
                reply["feedback"] = reply["text"] = calm
    module["next_words"] = calm
    module["objectives"] = [dict(objective, text=calm) for objective in module["objectives"]]


def official(module):
    return next(source for source in module["sources"] if source.get("is_official"))


LONG = "mot " * 25


def long_on_average(module):
    """Each sentence as long as one may be; together they are too long."""
    for step in module["steps"]:
        step["body"] = text(("Un adulte t'aide " + "mot " * 14 + ".\n\n") * 20, "An adult helps you.")


FAULTS = {
    # what is missing
    "language": (SLUG, "module", lambda m: m["title"].pop("en"), "title.en: Field required"),
    "empty language": (SLUG, "module", lambda m: m["title"].update(en=" "), "title.en: String should have at least 1"),
    "band": (SLUG, "module", lambda m: m.pop("band"), "band: Field required"),
    "source": (SLUG, "module", lambda m: m.update(sources=[]), "sources: List should have at least 1 item"),
    "framework": (SLUG, "module", lambda m: m.update(frameworks=m["frameworks"][:1]), "names nothing of"),
    "no framework": (SLUG, "module", lambda m: m.update(frameworks=[]), "frameworks: List should have at least 1"),
    "alternative text": (SLUG, "module", lambda m: m["steps"][0]["picture"].pop("alt"), "alt: Field required"),
    "neutral activity": (SENSITIVE, "module", lambda m: m["steps"][0].pop("neutral"), "needs a neutral activity"),
    "way back": (OLDER, "module", lambda m: m.pop("way_back"), "needs a way back"),
    "help at the end": (
        SLUG, "module", lambda m: m["steps"][-1].update(body=text("Au revoir.", "Goodbye.")),
        "the last step names no help",
    ),
    "help in next_words": (
        SLUG, "module", lambda m: m.update(next_words=text("C'est fini.", "That is all.")), "next_words names no help",
    ),
    "scenario": (
        SLUG, "module", lambda m: m["steps"].pop(next(i for i, s in enumerate(m["steps"]) if "scenario" in s)),
        "has no scenario",
    ),
    "easy-to-read help": (
        SLUG, "paper", lambda p: p["easy_read"].update(lines=[{"text": text("La mer.", "The sea.")}] * 5),
        "easy-to-read version names no help",
    ),
    "easy-to-read pictogram": (
        SLUG, "paper", lambda p: p["easy_read"]["lines"][0].pop("thing"), "line without a pictogram"
    ),
    "question without a picture": (
        SLUG, "quiz", lambda q: q["a"][0].pop("picture"), "a question without a picture"
    ),
    "plan moment": (SLUG, "plan", lambda p: p.pop("right_to_pass"), "right_to_pass: Field required"),
    "plan minutes": (SLUG, "plan", lambda p: p["timeline"][0].update(minutes=45), "timeline takes"),
    "plan without devices": (SLUG, "plan", lambda p: p["no_device"][0].update(minutes=44), "no_device takes"),
    # what is named and not there
    "topic": (SLUG, "module", lambda m: m["topics"].append("pressure"), "no step teaches the topic pressure"),
    "measured topic": (SLUG, "module", lambda m: m["objectives"][2].update(topics=[]), "no objective measures"),
    "topic of another band": (SLUG, "module", lambda m: m["topics"].append("right-words"), "never taught to 6-8"),
    "unknown topic": (SLUG, "module", lambda m: m["topics"].append("nothing"), "there is no topic nothing"),
    "unknown term": (SLUG, "module", lambda m: m["glossary"].append("nothing"), "there is no glossary term nothing"),
    "unknown objective": (SLUG, "quiz", lambda q: q["booster"][0].update(objective="nothing"), "there is no objective"),
    "slug": (SLUG, "module", lambda m: m.update(slug="another"), "is not the folder's name"),
    # words
    "term above the band": (SLUG, "module", lambda m: m["glossary"].append("grooming"), "is above the band"),
    "word above the band": (SLUG, "module", body("Une image sexuelle arrive."), "below the age at which it is taught"),
    "word from 13": (OLDER, "module", body("Un contenu d'abus existe."), "words of abuse material"),
    "avoided term": (OLDER, "module", body("Une personne est un prédateur."), "avoided term"),
    "avoided term for staff": (STAFF, "module", body("La pédopornographie existe."), "avoided term"),
    "blame": (SLUG, "module", body("C'est un peu ta faute."), "puts fault on a child"),
    "blame in English": (SLUG, "module", body("La mer.", "It is your own fault."), "puts fault on a child"),
    "blame in a right answer": (
        SLUG, "quiz",
        lambda q: right(ones(q)[0]).update(text=text("C'est sa faute", "Close")),
        "puts fault on a child",
    ),
    "blame in an explanation": (
        SLUG, "quiz", lambda q: q["a"][0]["choices"][0].update(why=text("Tu aurais dû fermer.", "Close it.")),
        "reproaches a child",
    ),
    "blame in a plan": (SLUG, "plan", lambda p: p["to_say"].append(text("Tu as eu tort.", "Well done.")), "reproaches"),
    "label": (OLDER, "module", body("Un agresseur attend."), "labels a person"),
    "fear": (SLUG, "module", body("Ta vie est finie."), "frightens"),
    "for ever": (SLUG, "module", body("Elle reste en ligne pour toujours."), "stays for ever without"),
    "figures": (SLUG, "module", body("Un enfant sur cinq le voit."), "frightens with figures"),
    "own experience": (SLUG, "module", body("As-tu déjà vu une image ?"), "lived through"),
    "own experience in a plan": (SLUG, "plan", lambda p: p["timeline"][0].update(
        text=text("Demander.", "Ask. Has this ever happened to you?")), "lived through"),
    "only parents": (SLUG, "module", body("Dis-le à tes parents."), "the only people to turn to"),
    "advice to copy": (SLUG, "module", body("Fais une capture."), "advises to copy"),
    "advice to show": (SLUG, "module", body("La mer.", "Show the picture to an adult."), "advises to copy"),
    "advice to delete": (SLUG, "module", body("Efface tout."), "advises to copy"),
    "platform": (SLUG, "module", body("Elle ouvre Instagram."), "names a platform"),
    "platform in a quotation": (SLUG, "paper", lambda p: p["letter"]["at_home"].append(
        text("Dites : « Pas de TikTok ».", "Say it.")), "names a platform"),
    "filtered slug": (SLUG, "module", lambda m: m["steps"][0].update(id="sexy-words"), "a filter stops the slug"),
    "filtered title": (SLUG, "module", lambda m: m.update(title=text("Les nus", "The sea")), "a filter stops"),
    "label in English": (OLDER, "module", body("La mer.", "A paedophile waits."), "labels a person"),
    "fear in English": (SLUG, "module", body("La mer.", "Your life is over."), "frightens"),
    "own experience in English": (SLUG, "module", body("La mer.", "Did you ever see a picture?"), "lived through"),
    "avoided term in English": (OLDER, "module", body("La mer.", "Child pornography exists."), "avoided term"),
    "only parents in English": (SLUG, "module", body("La mer.", "Tell your parents."), "the only people to turn to"),
    "advice to send": (SLUG, "module", body("Envoie l'image à un adulte."), "advises to copy"),
    "advice to save": (SLUG, "module", body("La mer.", "Save the picture."), "advises to copy"),
    "platform in English": (SLUG, "module", body("La mer.", "She opens TikTok."), "names a platform"),
    "filtered title in English": (SLUG, "module", lambda m: m.update(title=text("La mer", "Naked truth")), "a filter"),
    "nobody else to tell": (SLUG, "module", believed_by_everybody, "if you are not believed, tell somebody else"),
    # the law
    "article without a source": (
        STAFF, "module", body("L'article 227-99 du code.", "See L. 226-99."), "cites article 227-99, which no source"
    ),
    "official source never checked nor unchecked": (
        STAFF, "module", lambda m: official(m).pop("verified_on"), "verified_on: Field required"
    ),
    "official source without an address": (STAFF, "module", lambda m: official(m).pop("url"), "url: Field required"),
    "same in both": (SLUG, "module", same_in_both, "the same text in both languages"),
    # lengths
    "long sentence": (SLUG, "module", body(f"{LONG}."), "a sentence of 25 words"),
    "long on average": (SLUG, "module", long_on_average, "words on average"),
    "long title": (SLUG, "module", lambda m: m["steps"][0].update(title=text("é" * 161, "Sea")), "160 at most here"),
    # quizzes
    "length gives away": (SLUG, "quiz", give_away_by_length, "its length gives the right answer away"),
    "longest is right": (SLUG, "quiz", longest_is_right, "the longest answer is right"),
    "always first": (SLUG, "quiz", always_first, "choice 1 is right in"),
    "always true": (SLUG, "quiz", always_true, "“true” is right in"),
    "all right": (SLUG, "quiz", all_right, "every choice is right"),
    "forms differ": (SLUG, "quiz", lambda q: q["b"][0].update(objective="tell-someone"), "forms a and b differ"),
    "objective not asked": (SLUG, "quiz", one_objective, "0 questions on tell-someone"),
    "no explanation": (SLUG, "quiz", lambda q: q["a"][0]["choices"][0].pop("why"), "why: Field required"),
    # scenarios
    "unreachable scene": (SLUG, "module", unreachable, "scenes that nobody can reach: nowhere"),
    "dead end": (SLUG, "module", lambda m: scenario(m)[1].update(replies=[]), "a dead end"),
    "loop without exit": (SLUG, "module", trap, "scenes from which no ending is reached"),
    "ending without help": (
        SLUG, "module", lambda m: ending(m).update(text=text("La mer est belle.", "The sea is lovely.")),
        "leads to no help",
    ),
    # pictures before words
    "reply without a picture": (
        SLUG, "module", lambda m: scenario(m)[0]["replies"][0].pop("sign"), "an answer without a picture"
    ),
    "two replies alike": (
        SLUG, "module", lambda m: [reply.update(sign="ball") for reply in scenario(m)[0]["replies"]],
        "two answers with the same picture",
    ),
    "choice without a picture": (
        SLUG, "quiz", lambda q: q["a"][0]["choices"][0].pop("thing"), "an answer without a picture"
    ),
    "partner without a picture": (
        SLUG, "quiz", lambda q: matches(q)[0]["choices"][0].pop("partner_thing"), "among the partners, an answer"
    ),
    "partners alike": (
        SLUG, "quiz", lambda q: [one.update(partner_thing="sun") for one in matches(q)[0]["choices"]],
        "among the partners, two answers with the same picture",
    ),
}  # fmt: skip
