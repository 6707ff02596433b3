"""What is kept of a pupil in words for each age, and for parents. Pure: the public page speaks from here."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from privacy.inventory.terms import Text, Topic

READERS = ("6-8", "9-11", "12-14", "15-18", "parents")

WORDS: Mapping[Topic, tuple[Text, Text, Text, Text, Text]] = {
    Topic.SEAT: (
        _("Your seat has an animal and a colour. We do not know your name."),
        _("Your seat has an animal, a colour and a number. Your name is on your teacher's paper and nowhere else."),
        _("Your seat is an animal, a colour and a number, with the day it was last used. Nobody types in your name."),
        _("Your seat is a pseudonym. We keep its animal, colour and number, the last day it was used, and two digests"
          " that recognise your card."),
        _("A seat is a pseudonym: an animal, a colour, a number, the last day of use, and two keyed digests that"
          " recognise a card. The child's name is on the teacher's paper only."),
    ),
    Topic.SITTING: (
        _("We know that somebody sits here. When you finish, we forget it."),
        _("While you sit here, your teacher sees that you are there. When you finish, it is gone."),
        _("While you sit here: since when, and at which step. It is gone when you finish or the lesson ends."),
        _("While you sit here: since when, at which step, and a digest of this device's random number. It is deleted"
          " when you finish, or when the lesson ends."),
        _("While a seat is in use: since when, at which step, and a keyed digest of a random number of the device."
          " Deleted at “I have finished” or when the lesson ends, after 90 minutes at most."),
    ),
    Topic.TRIES: (
        _("Wrong pictures? Never mind. Tomorrow nobody knows it."),
        _("We count wrong pictures, so that nobody takes your seat. Tomorrow the count is gone."),
        _("Wrong pictures are counted for the day, so that nobody guesses yours. Your teacher does not see the count."),
        _("Wrong pictures are counted per seat and device for a day, against guessing. Nobody reads the count."),
        _("Wrong pictures are counted per seat and device against guessing, and deleted the next day. No network"
          " address is kept."),
    ),
    Topic.READING: (
        _("We remember which page you reached."),
        _("We remember how far you read, and which modules you have done. Your teacher sees it too."),
        _("How many steps you finished, and the day a module was done. Your teacher sees it; of a sensitive module only"
          " that it is done."),
        _("How many steps you finished, and the day a module was done. Of a sensitive module your teacher sees only"
          " that it is done, whichever activity you chose."),
        _("How many steps were finished, and the day a module was done. Of a sensitive module the teacher sees “done”"
          " and nothing else, and nobody can tell whether the child read it or took the other activity."),
    ),
    Topic.ANSWERS: (
        _("When you hand in your answers, they are counted. Then they are erased."),
        _("We keep your answers only until you hand them in. Then they are counted for the whole class, and erased."),
        _("Your answers stay until you hand them in. Then they are added to the counts of the class, and erased. You"
          " may pass: nobody can tell."),
        _("Answers stay while the questions are open. Handed in, they are added to the class's counts and erased. A"
          " pass is stored exactly like an answer."),
        _("Answers stay while a quiz is open: of a sensitive module until the lesson ends, of others 8 days at most."
          " Handed in, they are added to the class's counts and erased. Passing is possible and leaves no trace."),
    ),
    Topic.RESULTS: (
        _("We remember what you know well, and what we look at again."),
        _("For most modules we remember “got it” or “to revisit”. Your teacher sees it, to help."),
        _("“Got it” or “to revisit” for each objective, never for a sensitive module. Your teacher sees it."),
        _("“Got it” or “to revisit” for each objective, never for a sensitive module. There is no mark."),
        _("“Got it” or “to revisit” for each objective of a module that is not sensitive. No mark, no rank."),
    ),
    Topic.CLASS_COUNTS: (
        _("We count for the whole class together."),
        _("We count how many of your class chose each answer. The counts do not know who."),
        _("How many of your class chose each answer: no seat stands beside it. Your teacher sees it from five on."),
        _("How many of the class chose each answer, tied to no seat. The teacher sees it from five on and in steps;"
          " while under five answered, or all alike, the stored count says by itself what they chose."),
        _("How many of the class chose each answer, tied to no seat. The teacher sees it from five on and in steps;"
          " the school sees bands of ten. While under five answered, or all alike, the stored count says by itself"
          " what they chose: it goes with the class."),
    ),
    Topic.DEVICE: (
        _("This tablet forgets you when you finish."),
        _("This device keeps a random number, and the pages of your module. When you finish, it forgets them."),
        _("Two cookies that end with the browser: a random number with your sitting, and one that protects forms. And"
          " while you sit here, pages of a module that is not sensitive, to go on without network."),
        _("Two cookies that end with the browser: a random device number with your sitting, and one that protects"
          " forms. While you sit here, pages of a module that is not sensitive, and answers that wait for the network,"
          " sealed so that only the server can read them. Nothing from anybody else."),
        _("Two cookies that end with the browser: a random number of the device with the sitting, and one that protects"
          " forms. While a pupil sits there, pages of a module that is not sensitive, and answers that wait for the"
          " network, sealed so that only the server can read them. No tracking, nothing from other companies."),
    ),
    Topic.PAPER: (
        _("Your teacher has a paper. It says which seat is yours."),
        _("Your teacher's paper says which seat is yours. The paper is locked away, and destroyed after the year."),
        _("One paper list says who sits where. Your teacher keeps it locked away; it is destroyed after the year."),
        _("One paper list ties seats to names. The school keeps it locked away and destroys it after the school year."),
        _("One handwritten list ties seats to names. The school keeps it under lock, never copies it into a computer,"
          " and destroys it at the end of the school year."),
    ),
}  # fmt: skip

NEVER: Mapping[str, Text] = {
    "6-8": _("We never ask your name, your birthday or where you live."),
    "9-11": _("We never ask your name, your birthday, your address, or your opinion. You cannot type here."),
    "12-14": _("We never ask your name, e-mail, birthday, gender, address or opinion. You never have to type a text."),
    "15-18": _("We never learn your name, e-mail, birth date, gender, address, device or opinion."
               " You never type a text."),
    "parents": _("We never learn a pupil's name, e-mail, birth date, gender, address, device or opinion. A pupil can"
                 " send no text, no picture and no message."),
}  # fmt: skip

ENDS: Mapping[str, Text] = {
    "6-8": _("After the school year everything is erased."),
    "9-11": _("A month after the school year, everything about your seat is erased."),
    "12-14": _("Thirty days after the end of the school year, everything about your seat is erased by itself."),
    "15-18": _("Thirty days after the end of the school year your seat and all its lines are erased, by themselves."),
    "parents": _("Thirty days after the end of the school year seats, classes and counts are erased by themselves. A"
                 " restored backup erases them again before it serves anybody."),
}  # fmt: skip


def words_for(reader: str) -> list[tuple[Topic, Text]]:
    """Each topic with its sentence for one kind of reader."""
    place = READERS.index(reader)
    return [(topic, sentences[place]) for topic, sentences in WORDS.items()]
