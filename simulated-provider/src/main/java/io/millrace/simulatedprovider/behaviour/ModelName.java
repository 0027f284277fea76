package io.millrace.simulatedprovider.behaviour;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads behaviours from the names of models. */
public final class ModelName {

    /** The grammar, for people. */
    public static final String DESCRIPTION =
            """
            The model's name says how a call is treated: sim[-LABEL](-WORD)*

              LABEL        any a-z0-9 word that no WORD begins with, if a WORD follows: sim-red-50ms, sim-blue-50ms
              (none)       sim: a good answer at once
            Time
              50ms 2s      the answer takes that long       20..80ms     seeded, uniform
              every-5ms    between two events of a stream, or two bytes (default 0; 100ms for drip, 1s for head-slow)
            Answer
              words-200    so many words (default 8 to 24, seeded); max_tokens cuts it
            Faults: the first whose condition is met happens
              429 500 529  any status 400..599; 429 has Retry-After: 1 unless told otherwise
                after-3s after-1.5s after-250ms after-date-3s after-rfc850-3s after-asctime-3s
                after-past after-negative after-absurd after-none after-garbage
                           following a status: Retry-After in seconds, in a fraction of them, retry-after-ms, an HTTP date in
                           its three forms, one that is past, -5, a number of 20 digits, none, nonsense
              hang         no answer until the client leaves, an hour at most
              stall        half of the body, then no more until the client leaves, an hour at most
              drip         a byte at a time
              closed       the end of the connection in place of an answer
              head-slow head-many head-large head-alien
                           a head a byte at a time, with 100,000 headers, with one of 16 MiB, of another protocol
              body-nested body-html body-mistyped body-latin1 body-utf16
                           JSON 100,000 lists deep, a page in HTML, a good answer that is called HTML, one in ISO-8859-1, one
                           in UTF-16
              truncated    half of the body, then the end of the connection
              malformed    a body (in a stream, an event) that is no JSON
              huge         1 GiB of JSON          gzipbomb   the same in 1 MB of gzip
              reset        the connection is reset
              redirect     307 to /redirected of this provider, where the ledger shows who followed
              200-error    status 200, the body of an error
              usage-negative usage-huge usage-overflow usage-fraction usage-text usage-absent
                           a good answer with such a usage; the ledger has the true one
            Condition, following a fault (none: every call)
              5% 0.5%      seeded probability             flaky-5%   short for 500-5%
              first-2      the first 2 calls with the same key
              2of3         the first 2 of every 3 calls with the same key
            The key of a call is its header x-millrace-job, else idempotency-key, else its body, together with the model.
            Seeded choices depend on seed, key and repetition only: the same run has the same faults in any order.

            Examples: sim  sim-50ms  sim-20..80ms-429-5%-reset-1%  sim-429-after-250ms-2of3  sim-100ms-500-first-1
            Tokens are words: runs of characters other than white space in all messages (or in the input) and in the answer.
            Billed are all calls but those answered by an error or a redirect, whether or not the client stays to the end.
            """;

    /** One name for each kind of behaviour, for lists of models. */
    public static final List<String> EXAMPLES =
            List.of(
                    "sim",
                    "sim-50ms",
                    "sim-20..80ms",
                    "sim-red-200ms",
                    "sim-words-200-every-5ms",
                    "sim-429",
                    "sim-429-after-250ms-2of3",
                    "sim-429-after-date-3s-first-1",
                    "sim-429-after-1.5s",
                    "sim-429-after-rfc850-3s",
                    "sim-429-after-asctime-3s",
                    "sim-429-after-past",
                    "sim-429-after-negative",
                    "sim-429-after-absurd",
                    "sim-429-after-none",
                    "sim-429-after-garbage",
                    "sim-500",
                    "sim-503-after-2s",
                    "sim-529",
                    "sim-flaky-5%",
                    "sim-hang",
                    "sim-stall",
                    "sim-drip-every-5ms",
                    "sim-closed",
                    "sim-head-slow",
                    "sim-head-many",
                    "sim-head-large",
                    "sim-head-alien",
                    "sim-body-nested",
                    "sim-body-html",
                    "sim-body-mistyped",
                    "sim-body-latin1",
                    "sim-body-utf16",
                    "sim-truncated",
                    "sim-malformed",
                    "sim-huge",
                    "sim-gzipbomb",
                    "sim-reset",
                    "sim-redirect",
                    "sim-200-error",
                    "sim-usage-negative",
                    "sim-usage-huge",
                    "sim-usage-overflow",
                    "sim-usage-fraction",
                    "sim-usage-text",
                    "sim-usage-absent",
                    "sim-20..80ms-429-5%-reset-1%");

    private static final String FIRST = "sim";
    private static final int LONGEST = 256;
    private static final Behaviour GOOD = new Draft().finish();

    // A label that begins a word is a word misspelt: sim-flaky-50ms.
    private static final Pattern LABEL = Pattern.compile("-([a-z][a-z0-9]*)(?=-)");
    private static final Set<String> NO_LABELS =
            Set.of(
                    "after",
                    "body",
                    "closed",
                    "drip",
                    "every",
                    "first",
                    "flaky",
                    "gzipbomb",
                    "hang",
                    "head",
                    "huge",
                    "malformed",
                    "redirect",
                    "reset",
                    "sim",
                    "stall",
                    "truncated",
                    "usage",
                    "words");

    private ModelName() {}

    /** The behaviour that a name stands for, if it is one. */
    public static Optional<Behaviour> behaviour(String model) {
        if (model.equals(FIRST)) {
            return Optional.of(GOOD);
        }
        if (model.length() > LONGEST || !model.startsWith(FIRST)) {
            return Optional.empty();
        }
        Draft draft = new Draft();
        int at = endOfLabel(model);
        while (at >= 0 && at < model.length()) {
            at = model.charAt(at) == '-' ? endOfWord(at + 1, model, draft) : -1;
        }
        return at < 0 ? Optional.empty() : Optional.of(draft.finish());
    }

    private static int endOfLabel(String model) {
        Matcher label = LABEL.matcher(model).region(FIRST.length(), model.length());
        boolean stands = label.lookingAt() && !NO_LABELS.contains(label.group(1));
        return stands ? label.end() : FIRST.length();
    }

    private static int endOfWord(int start, String model, Draft draft) {
        for (Word word : Word.ALL) {
            int end = word.endAt(start, model, draft);
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }
}
