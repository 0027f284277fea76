package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was done for a job so far, by this process or one before it.
 *
 * @param attempts attempts that were journalled
 * @param known tokens of the attempts whose usage is known
 * @param waste attempts whose outcome is unknown, not yet published
 * @param journal offsets in attempts of what was journalled under the slot's present record
 * @param startedAt when the first attempt started
 * @param last what the last attempt came to
 */
public record Progress(
        int attempts,
        Usage known,
        List<WasteRecord> waste,
        List<Long> journal,
        Optional<Instant> startedAt,
        Optional<Last> last) {

    /**
     * What the last attempt came to.
     *
     * @param status HTTP status of the answer; 0 when there was none
     * @param body JSON body of the answer; empty when there was none
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies are bytes; never compared
    public record Last(Target target, int status, byte[] body, ProviderError error) {}

    public Progress {
        waste = List.copyOf(waste);
        journal = List.copyOf(journal);
    }

    /** Returns the progress of a job of which attempts were counted before it came here. */
    public static Progress of(int attempts, Usage known) {
        return new Progress(
                attempts, known, List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    /** Returns the progress after an attempt was journalled at that offset. */
    Progress started(long journalOffset, Instant at) {
        return new Progress(
                attempts + 1,
                known,
                waste,
                plus(journal, journalOffset),
                startedAt.or(() -> Optional.of(at)),
                last);
    }

    /** Returns the progress after a former owner's attempt was found at that offset. */
    Progress found(long journalOffset, int number, Instant at) {
        return new Progress(
                Math.max(attempts, number),
                known,
                waste,
                plus(journal, journalOffset),
                startedAt.or(() -> Optional.of(at)),
                last);
    }

    Progress used(Usage usage) {
        return new Progress(attempts, known.plus(usage), waste, journal, startedAt, last);
    }

    Progress wasted(WasteRecord unknown) {
        return new Progress(attempts, known, plus(waste, unknown), journal, startedAt, last);
    }

    Progress ended(Last outcome) {
        return new Progress(attempts, known, waste, journal, startedAt, Optional.of(outcome));
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}
