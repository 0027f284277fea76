package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Errors in the shapes of both dialects. */
final class ErrorBody {

    private ErrorBody() {}

    static Answer openAi(int status, String code, String message) {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", openAiType(status))
                .putNull("param")
                .put("code", code);
        return Answer.json(Json.bytes(body));
    }

    static Answer anthropic(int status, String message) {
        ObjectNode body = Json.object().put("type", "error");
        body.putObject("error").put("type", anthropicType(status)).put("message", message);
        return Answer.json(Json.bytes(body));
    }

    private static String openAiType(int status) {
        if (status == 429) {
            return "requests";
        }
        return status < 500 ? "invalid_request_error" : "server_error";
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
