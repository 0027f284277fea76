package io.millrace.ingress.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.ingress.http.Inputs;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ListQuery;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.IdFactory;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** OpenAI's file routes, to be registered under {@code /v1/files}. Thread-safe. */
public final class FileRoutes implements HttpService {

    private static final int MAX_LIMIT = 10_000;
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_UPLOADS = 64;

    private final Authentication authentication;
    private final JobView view;
    private final StoredFiles files;
    private final MultipartUpload uploads;
    private final SlowBodies slow;
    private final IdFactory ids;
    private final NamedFiles named;
    private final FileMeters meters;
    private final InstantSource clock;
    private final Semaphore uploading = new Semaphore(MAX_UPLOADS);

    FileRoutes(
            Authentication authentication,
            JobView view,
            StoredFiles files,
            MultipartUpload uploads,
            SlowBodies slow,
            IdFactory ids,
            NamedFiles named,
            FileMeters meters,
            InstantSource clock) {
        this.authentication = authentication;
        this.view = view;
        this.files = files;
        this.uploads = uploads;
        this.slow = slow;
        this.ids = ids;
        this.named = named;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::create)
                .get("/", this::list)
                .get("/{id}", this::show)
                .delete("/{id}", this::delete)
                .get("/{id}/content", this::content);
    }

    private void create(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        Optional<IdempotencyKey> key = IdempotencyKey.of(request);
        if (!uploading.tryAcquire()) {
            throw new UnavailableException(
                    "Too many files are being uploaded at the moment.", StoredFiles.STORE_PATIENCE);
        }
        try (SlowBodies.Watch _ = slow.watch()) {
            FileId id = ids.file(view.anyOwned());
            UploadForm form = uploads.read(new FormBody(request), id);
            FileState file = kept(caller, id, form, key.orElse(null));
            meters.received(file.getContent().getSize());
            Answers.json(answer, 200, FileJson.of(file));
        } finally {
            uploading.release();
        }
    }

    private FileState kept(
            Caller caller, FileId id, UploadForm form, @Nullable IdempotencyKey key) {
        FileState file;
        try {
            file = state(caller, id, form);
            if (key == null) {
                files.record(file);
                return file;
            }
        } catch (RuntimeException e) {
            uploads.discard(form);
            throw e;
        }
        return named.keep(file, form, key, () -> uploads.discard(form));
    }

    private FileState state(Caller caller, FileId id, UploadForm form) {
        Instant now = clock.instant();
        UploadForm.Content content = form.file();
        return FileState.newBuilder()
                .setFileId(id.value())
                .setTenant(caller.tenant().value())
                .setFilename(content.filename())
                .setPurpose(form.purpose().word())
                .setContent(content.stored())
                .setCreatedAt(now)
                .setExpiresAt(form.kept().map(now::plus).orElse(null))
                .build();
    }

    private void list(ServerRequest request, ServerResponse answer) {
        Caller caller = reader(request);
        int limit = Inputs.limit(request, DEFAULT_LIMIT, MAX_LIMIT);
        ListQuery query =
                new ListQuery(
                        caller.tenant(),
                        ListQuery.Kind.FILE,
                        limit + 1,
                        Inputs.ascending(request),
                        Inputs.text(request, "after").orElse(""),
                        Inputs.text(request, "purpose").map(Set::of).orElse(Set.of()));
        List<FileState> found = files.list(query);
        List<FileState> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        page.forEach(file -> data.add(FileJson.of(file)));
        // strings even of an empty list, by OpenAI's description
        body.put("first_id", page.isEmpty() ? "" : page.getFirst().getFileId());
        body.put("last_id", page.isEmpty() ? "" : page.getLast().getFileId());
        body.put("has_more", found.size() > limit);
        Answers.json(answer, 200, body);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        Answers.json(answer, 200, FileJson.of(file(reader(request), request)));
    }

    private void delete(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        FileState file = file(caller, request);
        files.delete(file);
        ObjectNode body = Json.object();
        body.put("id", file.getFileId());
        body.put("object", "file");
        body.put("deleted", true);
        Answers.json(answer, 200, body);
    }

    private void content(ServerRequest request, ServerResponse answer) {
        FileState file = file(reader(request), request);
        try (InputStream in = files.open(file)) {
            answer.header(HeaderNames.CONTENT_TYPE, "application/octet-stream")
                    .header(
                            HeaderNames.CONTENT_DISPOSITION,
                            FileName.disposition(file.getFilename()))
                    .header("X-Content-Type-Options", "nosniff");
            answer.contentLength(file.getContent().getSize());
            try (OutputStream out = answer.outputStream()) {
                meters.sent(in.transferTo(out));
            }
        } catch (IOException e) {
            throw new UnavailableException(
                    "The file cannot be read at the moment.", StoredFiles.STORE_PATIENCE, e);
        }
    }

    private Caller reader(ServerRequest request) {
        return authentication.caller(request).withAnyOf(Role.READ);
    }

    private FileState file(Caller caller, ServerRequest request) {
        return files.get(caller.tenant(), Inputs.id(request, "id"));
    }
}
