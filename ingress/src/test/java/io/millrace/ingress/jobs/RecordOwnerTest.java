package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.RecordLog;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SpentKey;
import io.millrace.schemas.id.ViewPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordOwnerTest {

    private static final ViewPartition PARTITION = new ViewPartition(3);
    private static final String ID = "file-03" + "0".repeat(26);
    private static final int MANY = 50;

    private final Log log = new Log();
    private final RecordOwner owner = new RecordOwner(PARTITION, log, log);

    @Test
    void ofManyAtOnceOneIsKeptAndAllAreToldOfItThoughTheViewIsBehind() throws Exception {
        // When
        List<JobsRecord> kept = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(MANY)) {
            List<Future<JobsRecord>> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                int number = i;
                all.add(threads.submit(() -> owner.keep(ID, record("f" + number))));
            }
            for (Future<JobsRecord> each : all) {
                kept.add(each.get());
            }
        }

        // Then
        assertThat(log.written).hasSize(1);
        assertThat(kept).containsOnly(log.written.getFirst());
        log.catchUp();
        owner.applied(ID);
        assertThat(owner.keep(ID, record("other"))).isEqualTo(log.written.getFirst());
        assertThat(log.opened).isEqualTo(1);
    }

    @Test
    void whatWasWrittenWithoutAcknowledgementIsFoundAfterwardsAndNotWrittenAgain() {
        log.lost = true;
        assertThatThrownBy(() -> owner.keep(ID, record("f")))
                .isInstanceOf(UnavailableException.class);
        log.lost = false;

        assertThat(owner.keep(ID, record("again"))).isEqualTo(record("f"));
        assertThat(log.written).hasSize(1);
    }

    @Test
    void ownerThatWasShutOutWritesNothingBeforeItHasReadWhatTheOtherWrote() {
        // Given
        var _ = owner.keep("file-03" + "1".repeat(26), record("first"));
        RecordOwner now = new RecordOwner(PARTITION, log, log);
        var _ = now.keep(ID, record("now"));

        // When
        assertThatThrownBy(() -> owner.keep(ID, record("former")))
                .isInstanceOf(UnavailableException.class);

        // Then
        assertThat(owner.keep(ID, record("former"))).isEqualTo(record("now"));
        assertThat(log.written).hasSize(2);
    }

    @Test
    void ownerThatWasStoppedWritesNothing() {
        owner.stop();

        assertThatThrownBy(() -> owner.keep(ID, record("f")))
                .isInstanceOf(UnavailableException.class);
        assertThat(log.written).isEmpty();
    }

    private static JobsRecord record(String fingerprint) {
        return JobsRecord.newBuilder()
                .setSpentKey(
                        SpentKey.newBuilder()
                                .setTenant("acme")
                                .setFingerprint(fingerprint)
                                .setAcceptedAt(Samples.NOW)
                                .build())
                .build();
    }

    /** A log in memory, whose view shows what was written only when it is read to its end. */
    private static final class Log implements RecordLog.Opener, KeyView {

        private final List<JobsRecord> written = new ArrayList<>();
        private final Map<String, JobsRecord> unseen = new HashMap<>();
        private final Map<String, JobsRecord> seen = new HashMap<>();
        private boolean lost;
        private int opened;

        @Override
        public synchronized RecordLog open(ViewPartition partition) {
            opened++;
            return new Opened(opened);
        }

        @Override
        public synchronized Optional<JobsRecord> lookUp(ViewPartition partition, String id) {
            return Optional.ofNullable(seen.get(id));
        }

        @Override
        public void readToEnd(ViewPartition partition) {
            catchUp();
        }

        synchronized void catchUp() {
            seen.putAll(unseen);
            unseen.clear();
        }

        private synchronized void append(int number, String id, JobsRecord record) {
            if (opened != number) {
                throw new IllegalStateException("fenced");
            }
            written.add(record);
            unseen.put(id, record);
            if (lost) {
                throw new IllegalStateException("the commit was not acknowledged");
            }
        }

        private final class Opened implements RecordLog {

            private final int number;

            Opened(int number) {
                this.number = number;
            }

            @Override
            public void write(String id, JobsRecord record) {
                append(number, id, record);
            }

            @Override
            public void close() {}
        }
    }
}
