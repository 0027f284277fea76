package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.ViewPartition;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The other ingresses, as the view's group knows them. Implementations are thread-safe. */
interface Peers {

    /**
     * Asks the ingress that holds a partition.
     *
     * @param atMost how long it may take to answer, beyond the time on the way
     * @return the body of its 200, or none on its 404
     * @throws UnavailableException when nobody holds it at the moment, or nobody answers
     */
    Optional<byte[]> askOwner(ViewPartition partition, String pathAndQuery, Duration atMost);

    /**
     * Tells the ingress that holds a partition to do something, by a POST without a body.
     *
     * @param atMost how long that may take, beyond the time on the way
     * @return the body of its 200, or none on its 404
     * @throws UnavailableException when nobody holds it at the moment, or nobody answers
     */
    Optional<byte[]> tellOwner(ViewPartition partition, String path, Duration atMost);

    /**
     * Sends something to the ingress that holds a partition, by a POST.
     *
     * @param atMost how long it may take to answer, beyond the time on the way
     * @return its answer, whatever its status
     * @throws UnavailableException when nobody holds it at the moment, or nobody answers
     */
    HttpResponse<byte[]> send(
            ViewPartition partition,
            String pathAndQuery,
            Map<String, String> headers,
            byte[] body,
            Duration atMost);

    /**
     * Asks all other ingresses.
     *
     * @throws UnavailableException when one does not answer
     */
    List<byte[]> askOthers(String pathAndQuery);
}
