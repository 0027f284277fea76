package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.http.InternalCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.streams.state.HostInfo;

/** Asks other ingresses over HTTP, shown the credential that only our services have. */
final class HttpPeers implements Peers, AutoCloseable {

    private static final Duration ON_THE_WAY = Duration.ofSeconds(3);

    private final ViewOwners owners;
    private final String scheme;
    private final InternalCredential credential;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Asks those owners. */
    HttpPeers(ViewOwners owners, PeerTransport transport, InternalCredential credential) {
        this.owners = owners;
        this.scheme = transport.scheme();
        this.credential = credential;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(1))
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(threads);
        transport.tls().ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    @Override
    public Optional<byte[]> askOwner(
            ViewPartition partition, String pathAndQuery, Duration atMost) {
        return answer(request(owner(partition), pathAndQuery, atMost).build());
    }

    @Override
    public Optional<byte[]> tellOwner(ViewPartition partition, String path, Duration atMost) {
        return answer(
                request(owner(partition), path, atMost)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build());
    }

    @Override
    public HttpResponse<byte[]> send(
            ViewPartition partition,
            String pathAndQuery,
            Map<String, String> headers,
            byte[] body,
            Duration atMost) {
        HttpRequest.Builder request =
                request(owner(partition), pathAndQuery, atMost)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return sent(request.build());
    }

    @Override
    public List<byte[]> askOthers(String pathAndQuery) {
        List<Future<Optional<byte[]>>> asked = new ArrayList<>();
        for (HostInfo other : owners.others()) {
            HttpRequest request = request(other, pathAndQuery, Duration.ZERO).build();
            asked.add(threads.submit(() -> answer(request)));
        }
        List<byte[]> answers = new ArrayList<>();
        for (Future<Optional<byte[]>> answer : asked) {
            answered(answer).ifPresent(answers::add);
        }
        return answers;
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }

    private HostInfo owner(ViewPartition partition) {
        return owners.owner(partition)
                .orElseThrow(() -> unavailable("This part of the job view is being restored."));
    }

    private HttpRequest.Builder request(HostInfo host, String pathAndQuery, Duration atMost) {
        String address = "%s://%s:%d%s".formatted(scheme, host.host(), host.port(), pathAndQuery);
        return HttpRequest.newBuilder(URI.create(address))
                .header(InternalCredential.HEADER, credential.value())
                .timeout(ON_THE_WAY.plus(atMost));
    }

    private Optional<byte[]> answer(HttpRequest request) {
        HttpResponse<byte[]> answer = sent(request);
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            default -> throw unavailable("The ingress that holds this cannot answer now.");
        };
    }

    private HttpResponse<byte[]> sent(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UnavailableException(
                    "The ingress that holds this cannot be reached.", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("Interrupted while asking another ingress.");
        }
    }

    private static Optional<byte[]> answered(Future<Optional<byte[]>> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnavailableException unavailable
                    ? unavailable
                    : new UnavailableException(
                            "Another ingress cannot answer.", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("Interrupted while asking another ingress.");
        }
    }

    private static UnavailableException unavailable(String message) {
        return new UnavailableException(message, Duration.ofSeconds(1));
    }
}
