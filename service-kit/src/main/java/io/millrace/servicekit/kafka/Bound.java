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
        quietly(metrics);
        quietly(client);
    }

    // Neither throws anything that a caller who is closing could do something about.
    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("cannot close " + closeable, e);
        }
    }
}
