package io.millrace.ingress.batch;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.ViewPartition;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The results of one partition, in memory. */
final class MemoryEndedLog implements EndedLog {

    private final List<InferenceResult> results = new CopyOnWriteArrayList<>();

    void ended(InferenceResult result) {
        results.add(result);
    }

    @Override
    public Reading open(ViewPartition partition) {
        List<InferenceResult> now = List.copyOf(results);
        return new Reading() {
            @Override
            public long end() {
                return now.size();
            }

            @Override
            public long since(Instant time) {
                return 0;
            }

            @Override
            public void read(long from, Handler handler) {
                for (int i = (int) from; i < now.size(); i++) {
                    handler.accept(i, now.get(i));
                }
            }

            @Override
            public void close() {}
        };
    }
}
