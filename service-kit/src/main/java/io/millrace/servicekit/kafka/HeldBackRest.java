package io.millrace.servicekit.kafka;

import com.fasterxml.jackson.core.type.TypeReference;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Asks a schema registry nothing before it has what the questions are about. Thread-safe. */
final class HeldBackRest extends RestService {

    private final Future<?> registered;

    /**
     * Makes a client of the registry at that address.
     *
     * @param registered done when questions may be asked; failed when they never may
     */
    HeldBackRest(String url, Future<?> registered) {
        super(url);
        this.registered = registered;
    }

    @Override
    public <T> T httpRequest(
            String path,
            String method,
            byte[] body,
            Map<String, String> properties,
            TypeReference<T> answer)
            throws IOException, RestClientException {
        try {
            registered.get();
        } catch (ExecutionException e) {
            throw new IOException("the schema registry was not prepared", e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before the registry was prepared");
        }
        return super.httpRequest(path, method, body, properties, answer);
    }
}
