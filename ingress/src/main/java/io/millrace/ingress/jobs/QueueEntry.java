package io.millrace.ingress.jobs;

import io.millrace.ingress.admission.Queued;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A job or a batch that has not ended, as the store of the queue keeps it.
 *
 * @param tenant whose it is
 * @param amount what it counts, a batch with all its lines
 */
record QueueEntry(String tenant, Queued amount) {

    static QueueEntry read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Queued amount = new Queued(in.getLong(), in.getLong());
        return new QueueEntry(StandardCharsets.UTF_8.decode(in).toString(), amount);
    }

    byte[] bytes() {
        byte[] name = tenant.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + name.length)
                .putLong(amount.jobs())
                .putLong(amount.tokens())
                .put(name)
                .array();
    }
}
