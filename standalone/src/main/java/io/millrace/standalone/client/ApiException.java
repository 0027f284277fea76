package io.millrace.standalone.client;

import java.util.Set;

/** The API did not answer a request as it should have; the message is one line. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int NO_ANSWER = 0;
    private static final Set<Integer> USERS_FAULT = Set.of(400, 401, 403, 404, 413, 422);

    private static final Set<Integer> INPUTS_FAULT = Set.of(400, 413, 422);

    private final int status;

    /** Something in an answer is not as it should be. */
    public ApiException(String message) {
        super(message);
        this.status = NO_ANSWER;
    }

    /** There was no answer, or none that can be read. */
    ApiException(String message, Throwable cause) {
        super(message, cause);
        this.status = NO_ANSWER;
    }

    /** The answer is a refusal. */
    ApiException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Returns the status of the answer, 0 without one. */
    int status() {
        return status;
    }

    /** Returns whether the same request is refused until its sender changes something. */
    public boolean usersFault() {
        return USERS_FAULT.contains(status);
    }

    /** Returns whether it is what was sent that is refused, and not its sender or its path. */
    public boolean inputsFault() {
        return INPUTS_FAULT.contains(status);
    }

    /** Returns whether the request was refused: nothing was done, whoever is to blame. */
    boolean refused() {
        return status >= 400 && status < 500 && status != 408;
    }
}
