package io.millrace.standalone.client;

import java.time.Instant;
import java.util.Optional;

/**
 * How far the submission of a file came.
 *
 * @param id of this submission, which the batch carries in its metadata
 * @param file id of the uploaded file, once it is uploaded
 * @param asked when the batch was asked for, unless that was refused
 * @param batch id of the batch, once it is known
 */
record Submission(
        String id, Optional<String> file, Optional<Instant> asked, Optional<String> batch) {

    /** Returns a submission that has done nothing yet. */
    static Submission begun(String id) {
        return new Submission(id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Submission uploaded(String fileId) {
        return new Submission(id, Optional.of(fileId), asked, batch);
    }

    Submission asked(Instant now) {
        return new Submission(id, file, Optional.of(now), batch);
    }

    Submission created(String batchId) {
        return new Submission(id, file, asked, Optional.of(batchId));
    }
}
