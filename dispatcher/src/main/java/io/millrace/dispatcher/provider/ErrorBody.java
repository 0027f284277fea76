package io.millrace.dispatcher.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import org.jspecify.annotations.Nullable;

/** The body of an error in OpenAI's shape. */
public final class ErrorBody {

    private ErrorBody() {}

    /** Returns the body of an error that no parameter is to blame for. */
    public static byte[] of(ProviderError error) {
        return of(error.message(), error.type(), null, error.code());
    }

    /** Returns the body of an error with a parameter to blame for it. */
    public static byte[] of(ProviderError error, String param) {
        return of(error.message(), error.type(), param, error.code());
    }

    /** Returns the body of an error, with null for a member that is not known. */
    public static byte[] of(
            String message, String type, @Nullable String param, @Nullable String code) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return Json.bytes(body);
    }
}
