package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the events of one job as server-sent events, each once and numbered from 1, leaving out
 * what a client knows that comes back. Not thread-safe.
 */
final class EventWriter {

    private static final String NOT_MADE = "not_made";

    private final OutputStream out;
    private final long known;
    private long number;
    private int attempt;
    private boolean started;

    /**
     * Writes to that stream.
     *
     * @param known number of the last event that the client knows; 0 for none
     */
    EventWriter(OutputStream out, long known) {
        this.out = out;
        this.known = known;
    }

    /** Returns the number of the last event that a client says it knows. */
    static long lastKnown(ServerRequest request) {
        String said =
                request.headers().first(HeaderNames.create("Last-Event-ID")).orElse("").strip();
        return said.matches("[0-9]{1,9}") ? Long.parseLong(said) : 0;
    }

    void queued(ObjectNode job) throws IOException {
        write("job.queued", job, Json.object());
    }

    /** Tells of the attempts that were not told of yet; returns whether there was one. */
    boolean attempts(List<AttemptReport> history, ObjectNode job) throws IOException {
        boolean told = false;
        for (AttemptReport each : history) {
            if (each.getNumber() > attempt && !each.getOutcome().equals(NOT_MADE)) {
                attempt = each.getNumber();
                write(started ? "job.retrying" : "job.started", job, JobJson.attempt(each));
                started = true;
                told = true;
            }
        }
        return told;
    }

    void ended(String status, ObjectNode job) throws IOException {
        write("job." + status, job, Json.object());
    }

    void ping() throws IOException {
        out.write(": ping\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void write(String type, ObjectNode job, ObjectNode about) throws IOException {
        number++;
        if (number <= known) {
            return;
        }
        ObjectNode data = Json.object();
        data.put("type", type);
        data.put("sequence_number", number);
        data.set("job", job);
        if (!about.isEmpty()) {
            data.set("attempt", about);
        }
        out.write(
                "event: %s\nid: %d\ndata: "
                        .formatted(type, number)
                        .getBytes(StandardCharsets.UTF_8));
        out.write(Json.bytes(data));
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
