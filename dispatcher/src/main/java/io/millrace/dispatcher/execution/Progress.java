package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was done for a job so far, by this process or one before it.
 *
 * @param attempts attempts that were journalled
 * @param known tokens of the attempts whose usage is known
 * @param waste attempts whose outcome is unknown, not yet published
 * @param journal offsets in attempts of what was journalled under the slot's present record
 * @param startedAt when the first attempt started
 * @param last what the last attempt came to
 * @param made what a next owner of the slot is to be told of the last attempt, its body left out,
 *     if this process made it
 * @param history what became of the attempts, the last of them
 */
public record Progress(
        int attempts,
        Usage known,
        List<WasteRecord> waste,
        List<Long> journal,
        Optional<Instant> startedAt,
        Optional<Last> last,
        Optional<Handoff> made,
        List<AttemptReport> history) {

    /**
     * What the last attempt came to.
     *
     * @param status HTTP status of the answer; 0 when there was none
     * @param body JSON body of the answer; empty when there was none
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies are bytes; never compared
    public record Last(Target target, int status, byte[] body, ProviderError error) {

        private static Last at(Target target) {
            return new Last(target, 0, new byte[0], Verdict.NO_ERROR);
        }
    }

    public Progress {
        waste = List.copyOf(waste);
        journal = List.copyOf(journal);
        history = List.copyOf(history);
    }

    /** Returns the progress of a job of which attempts were counted before it came here. */
    public static Progress of(int attempts, Usage known) {
        return new Progress(
                attempts,
                known,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** Returns the progress of a job as it was submitted, or moved here. */
    public static Progress of(Submit submit) {
        Usage known = submit.getUsage() == null ? Usage.NONE : Usage.from(submit.getUsage());
        String provider = submit.getProvider();
        String model = submit.getProviderModel();
        return new Progress(
                submit.getAttempts(),
                known,
                List.of(),
                List.of(),
                Optional.ofNullable(submit.getStartedAt()),
                provider == null || model == null
                        ? Optional.empty()
                        : Optional.of(Last.at(new Target(provider, model, 1))),
                Optional.empty(),
                submit.getHistory());
    }

    /** Returns the progress after an attempt was journalled at that offset. */
    Progress started(long journalOffset, Instant at) {
        return new Progress(
                attempts + 1,
                known,
                waste,
                plus(journal, journalOffset),
                startedAt.or(() -> Optional.of(at)),
                last,
                Optional.empty(),
                history);
    }

    /** Returns the progress after an attempt was journalled at that offset and not made. */
    Progress notMade(long journalOffset) {
        return new Progress(
                attempts + 1,
                known,
                waste,
                plus(journal, journalOffset),
                startedAt,
                last,
                Optional.empty(),
                history);
    }

    /**
     * Returns the progress after an attempt from before this ownership was found at that offset.
     */
    Progress found(long journalOffset, int number, Instant at, Target target) {
        return new Progress(
                Math.max(attempts, number),
                known,
                waste,
                plus(journal, journalOffset),
                startedAt.or(() -> Optional.of(at)),
                Optional.of(Last.at(target)),
                Optional.empty(),
                history);
    }

    /** Returns the progress after an attempt whose outcome nobody will know. */
    Progress wasted(WasteRecord unknown) {
        return new Progress(
                attempts, known, plus(waste, unknown), journal, startedAt, last, made, history);
    }

    /**
     * Returns the progress after the last attempt has an outcome.
     *
     * @param waste what it wasted, by the reason, when the outcome is unknown
     */
    Progress concluded(Outcome outcome, Target target, Function<String, WasteRecord> waste) {
        return switch (outcome) {
            case Completed(int status, byte[] body, var usage) ->
                    used(usage).ended(new Last(target, status, body, Verdict.NO_ERROR));
            case Refused(int status, byte[] body, var error, var usage) ->
                    used(usage).ended(new Last(target, status, body, error));
            case Retryable(int status, byte[] body, var error, var _) ->
                    ended(new Last(target, status, body, error));
            case Unknown(String reason, var error) ->
                    wasted(waste.apply(reason)).ended(new Last(target, 0, new byte[0], error));
        };
    }

    /** Returns the progress with what a next owner is to be told of the last attempt. */
    Progress made(Handoff told) {
        return new Progress(
                attempts, known, waste, journal, startedAt, last, Optional.of(told), history);
    }

    /** Returns the progress with what is known of an attempt now, instead of what was before. */
    Progress reported(AttemptReport report) {
        return new Progress(
                attempts,
                known,
                waste,
                journal,
                startedAt,
                last,
                made,
                History.with(history, report));
    }

    Progress used(Usage usage) {
        return new Progress(
                attempts, known.plus(usage), waste, journal, startedAt, last, made, history);
    }

    Progress ended(Last outcome) {
        return new Progress(
                attempts, known, waste, journal, startedAt, Optional.of(outcome), made, history);
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}
