package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.topic.Topic;
import java.util.List;
import java.util.Optional;

/**
 * What ends one record of a slot: everything to publish for it, and the offset that is settled by
 * it, as one value. All of it becomes visible in one transaction, or none.
 *
 * @param slot the slot it belongs to; once that is lost the settlement is void
 * @param source where the record was read from
 * @param offset offset of the record
 * @param attempts offsets in attempts of the attempts it accounts for
 * @param ending what the record comes to
 * @param handoff what the slot's next owner is to be told when the slot is lost before this is
 *     written: the outcome of the call that this process made
 * @param drawn the calls that were made for it
 */
public record Settlement(
        OwnedSlot slot,
        Source source,
        long offset,
        List<Long> attempts,
        Ending ending,
        Optional<Handoff> handoff,
        Drawn drawn) {

    public Settlement {
        attempts = List.copyOf(attempts);
    }

    /** A settlement of which a next owner need not be told: it would come to the same. */
    public Settlement(
            OwnedSlot slot, Source source, long offset, List<Long> attempts, Ending ending) {
        this(slot, source, offset, attempts, ending, Optional.empty());
    }

    /** A settlement for which nothing is to be counted in a window. */
    public Settlement(
            OwnedSlot slot,
            Source source,
            long offset,
            List<Long> attempts,
            Ending ending,
            Optional<Handoff> handoff) {
        this(slot, source, offset, attempts, ending, handoff, Drawn.NONE);
    }

    /** Returns the same settlement with the calls that were made. */
    public Settlement with(Drawn calls) {
        return new Settlement(slot, source, offset, attempts, ending, handoff, calls);
    }

    /** Returns the same settlement with another ending; nothing is counted in a window. */
    Settlement with(Ending other) {
        return new Settlement(slot, source, offset, attempts, other, handoff);
    }

    /** What a record comes to. */
    public sealed interface Ending {

        /** The job has its one result and its one usage record. */
        record Terminal(InferenceResult result, UsageRecord usage, List<WasteRecord> waste)
                implements Ending {}

        /** The job goes on elsewhere in the log, with the trace context it came with. */
        record Moved(
                Topic topic,
                SlotRecord record,
                Optional<String> traceparent,
                List<WasteRecord> waste)
                implements Ending {}

        /** The job waits in its tenant's wait lane, which the slot now has. */
        record Spilled(String lane, SlotRecord record, Optional<String> traceparent)
                implements Ending {}

        /** The record is poison. */
        record Poison(DeadLetter letter) implements Ending {}

        /** The record of an inbox is poison, and its tenant is told so. */
        record Refused(DeadLetter letter, InferenceResult answer) implements Ending {}

        /** The record of an inbox has the idempotency key of another one, whose job is its own. */
        record Repeated() implements Ending {}

        /** The record told of a lane, which the slot now has. */
        record LaneKnown() implements Ending {}

        /** The record was the wish to end a job or a batch, which the slot now keeps in mind. */
        record CancelKnown(Cancel cancel) implements Ending {}
    }
}
