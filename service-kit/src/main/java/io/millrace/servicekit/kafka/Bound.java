package io.millrace.servicekit.kafka;

/**
 * A client and the meters that are bound to it; closing it ends both.
 *
 * @param <C> type of the client
 * @param client the client
 * @param metrics its meters
 */
public record Bound<C extends AutoCloseable>(C client, AutoCloseable metrics)
        implements AutoCloseable {

    @Override
    public void close() {
        try {
            end(metrics);
        } finally {
            end(client);
        }
    }

    private static void end(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "cannot close a " + closeable.getClass().getSimpleName(), e);
        }
    }
}
