package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.ViewPartition;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nobody else. */
final class NoPeers implements Peers {

    @Override
    public Optional<byte[]> askOwner(
            ViewPartition partition, String pathAndQuery, Duration atMost) {
        throw nobody();
    }

    @Override
    public Optional<byte[]> tellOwner(ViewPartition partition, String path, Duration atMost) {
        throw nobody();
    }

    @Override
    public HttpResponse<byte[]> send(
            ViewPartition partition,
            String pathAndQuery,
            Map<String, String> headers,
            byte[] body,
            Duration atMost) {
        throw nobody();
    }

    @Override
    public List<byte[]> askOthers(String pathAndQuery) {
        return List.of();
    }

    private static UnavailableException nobody() {
        return new UnavailableException("Nobody holds this.", Duration.ofSeconds(1));
    }
}
