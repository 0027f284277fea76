package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.AttemptsRecord;
import java.util.ArrayList;
import java.util.List;

/** A journal in memory. What happens before an acknowledgement can be said. */
final class FakeLog implements AttemptLog {

    private final List<AttemptsRecord> entries = new ArrayList<>();
    private Runnable beforeAck = () -> {};

    synchronized void beforeAck(Runnable happens) {
        beforeAck = happens;
    }

    @Override
    public long append(int slot, String job, AttemptsRecord entry) {
        Runnable happens;
        long offset;
        synchronized (this) {
            offset = entries.size();
            entries.add(entry);
            happens = beforeAck;
        }
        happens.run();
        return offset;
    }

    synchronized List<AttemptsRecord> entries() {
        return List.copyOf(entries);
    }

    long started() {
        return entries().stream().filter(each -> each.getStarted() != null).count();
    }

    long ended() {
        return entries().stream().filter(each -> each.getEnded() != null).count();
    }
}
