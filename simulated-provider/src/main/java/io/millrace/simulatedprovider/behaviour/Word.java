package io.millrace.simulatedprovider.behaviour;

import io.millrace.simulatedprovider.behaviour.RetryAfter.DateForm;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One word of a model's name: its form and what it says.
 *
 * @param meaning false when the word makes no sense where it stands
 */
record Word(Pattern form, BiPredicate<Draft, MatchResult> meaning) {

    private static final String TIME = "(\\d{1,6})(ms|s)";
    private static final String PERCENT = "(\\d{1,3}(?:\\.\\d{1,3})?)%";
    private static final int MOST_WORDS = 10_000;
    private static final String ABSURD = "9".repeat(20);
    private static final RetryAfter PAST = new RetryAfter.Date(Duration.ofDays(-365), DateForm.IMF);

    /** All words there are. */
    static final List<Word> ALL =
            List.of(
                    word(TIME, (d, w) -> d.latency(time(w, 1, 2), time(w, 1, 2))),
                    word(
                            "(\\d{1,6})\\.\\." + TIME,
                            (d, w) -> d.latency(time(w, 1, 3), time(w, 2, 3))),
                    word("every-" + TIME, (d, w) -> d.pace(time(w, 1, 2))),
                    word(
                            "words-(\\d{1,5})",
                            (d, w) -> number(w, 1) <= MOST_WORDS && d.words((int) number(w, 1))),
                    word("200-error", new Fault.ErrorIn200()),
                    word("429", new Fault.ErrorStatus(429, new RetryAfter.Seconds(1))),
                    word("([45]\\d\\d)", (d, w) -> d.fault(status(number(w, 1)), always())),
                    word("flaky-" + PERCENT, (d, w) -> d.fault(status(500), probably(w))),
                    word("hang", new Fault.Hang()),
                    word("stall", new Fault.Stall()),
                    word("closed", new Fault.Closed()),
                    word("head-(slow|many|large|alien)", Word::ofHead),
                    word("body-(nested|html|mistyped|latin1|utf16)", Word::ofBody),
                    word("drip", new Fault.Drip()),
                    word("truncated", new Fault.Truncated()),
                    word("malformed", new Fault.Malformed()),
                    word("huge", new Fault.Huge()),
                    word("gzipbomb", new Fault.GzipBomb()),
                    word("reset", new Fault.Reset()),
                    word("redirect", new Fault.Redirect()),
                    word("usage-(negative|huge|overflow|fraction|text|absent)", Word::ofUsage),
                    word(PERCENT, (d, w) -> d.when(probably(w))),
                    word("first-(\\d{1,6})", (d, w) -> d.when(new Condition.First(number(w, 1)))),
                    word("(\\d{1,6})of(\\d{1,6})", Word::ofRound),
                    word(
                            "after-(\\d{1,6})s",
                            (d, w) -> d.retryAfter(new RetryAfter.Seconds(number(w, 1)))),
                    word(
                            "after-(\\d{1,6})ms",
                            (d, w) -> d.retryAfter(new RetryAfter.Millis(number(w, 1)))),
                    word(
                            "after-(\\d{1,6}\\.\\d{1,9})s",
                            (d, w) -> d.retryAfter(new RetryAfter.Text(w.group(1)))),
                    word("after-date-" + TIME, (d, w) -> d.retryAfter(date(w, DateForm.IMF))),
                    word("after-rfc850-" + TIME, (d, w) -> d.retryAfter(date(w, DateForm.RFC850))),
                    word(
                            "after-asctime-" + TIME,
                            (d, w) -> d.retryAfter(date(w, DateForm.ASCTIME))),
                    word("after-past", (d, _) -> d.retryAfter(PAST)),
                    word("after-negative", (d, _) -> d.retryAfter(new RetryAfter.Text("-5"))),
                    word("after-absurd", (d, _) -> d.retryAfter(new RetryAfter.Text(ABSURD))),
                    word("after-none", (d, _) -> d.retryAfter(new RetryAfter.Absent())),
                    word("after-garbage", (d, _) -> d.retryAfter(new RetryAfter.Text("soon"))));

    /** Where in the name the word ends when it stands at a place of it, else -1. */
    int endAt(int start, String name, Draft draft) {
        Matcher matcher = form.matcher(name).region(start, name.length());
        boolean stands = matcher.lookingAt() && meaning.test(draft, matcher);
        return stands ? matcher.end() : -1;
    }

    private static Word word(String form, Fault fault) {
        return word(form, (draft, _) -> draft.fault(fault, always()));
    }

    private static Word word(String form, BiPredicate<Draft, MatchResult> meaning) {
        return new Word(Pattern.compile(form + "(?=-|$)"), meaning);
    }

    private static boolean ofRound(Draft draft, MatchResult word) {
        long calls = number(word, 1);
        long round = number(word, 2);
        return round > 0 && calls <= round && draft.when(new Condition.FirstOfRound(calls, round));
    }

    private static boolean ofHead(Draft draft, MatchResult word) {
        return draft.fault(new Fault.WrongHead(named(HeadFault.class, word)), always());
    }

    private static boolean ofBody(Draft draft, MatchResult word) {
        return draft.fault(new Fault.WrongBody(named(BodyFault.class, word)), always());
    }

    private static boolean ofUsage(Draft draft, MatchResult word) {
        return draft.fault(new Fault.WrongUsage(named(UsageClaim.class, word)), always());
    }

    private static <E extends Enum<E>> E named(Class<E> type, MatchResult word) {
        return Enum.valueOf(type, word.group(1).toUpperCase(Locale.ROOT));
    }

    private static RetryAfter date(MatchResult word, DateForm form) {
        return new RetryAfter.Date(time(word, 1, 2), form);
    }

    private static Fault status(long status) {
        return new Fault.ErrorStatus((int) status, new RetryAfter.Absent());
    }

    private static Condition always() {
        return new Condition.Always();
    }

    private static Condition probably(MatchResult word) {
        return new Condition.Probably(Math.min(1, Double.parseDouble(word.group(1)) / 100));
    }

    private static Duration time(MatchResult word, int number, int unit) {
        long amount = number(word, number);
        return word.group(unit).equals("s")
                ? Duration.ofSeconds(amount)
                : Duration.ofMillis(amount);
    }

    private static long number(MatchResult word, int group) {
        return Long.parseLong(word.group(group));
    }
}
