package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;
import java.util.List;
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
                    word("drip", new Fault.Drip()),
                    word("truncated", new Fault.Truncated()),
                    word("malformed", new Fault.Malformed()),
                    word("huge", new Fault.Huge()),
                    word("gzipbomb", new Fault.GzipBomb()),
                    word("reset", new Fault.Reset()),
                    word("redirect", new Fault.Redirect()),
                    word("usage-negative", new Fault.WrongUsage(UsageClaim.NEGATIVE)),
                    word("usage-huge", new Fault.WrongUsage(UsageClaim.HUGE)),
                    word("usage-absent", new Fault.WrongUsage(UsageClaim.ABSENT)),
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
                            "after-date-" + TIME,
                            (d, w) -> d.retryAfter(new RetryAfter.Date(time(w, 1, 2)))),
                    word("after-none", (d, _) -> d.retryAfter(new RetryAfter.Absent())),
                    word("after-garbage", (d, _) -> d.retryAfter(new RetryAfter.Garbage())));

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
