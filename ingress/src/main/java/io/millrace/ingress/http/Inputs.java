package io.millrace.ingress.http;

import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what stands in a request's path and query, refusing what has not its form. */
public final class Inputs {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private Inputs() {}

    /**
     * Returns the id that a path names.
     *
     * @throws ApiException 404 when it has not the form of any id: such a thing cannot be there
     */
    public static String id(ServerRequest request, String name) {
        String id = request.path().pathParameters().get(name);
        if (!ID.matcher(id).matches()) {
            throw new ApiException(ApiError.notFound("not_found", "There is no such resource."));
        }
        return id;
    }

    /**
     * Returns what follows a prefix in the path, decoded once, so that {@code %2F} is part of it.
     *
     * @throws ApiException 404 when it cannot be decoded
     */
    public static String rest(ServerRequest request, String prefix) {
        String raw = request.path().absolute().rawPath();
        try {
            // a plus sign stands for itself in a path
            return URLDecoder.decode(
                    raw.substring(Math.min(prefix.length(), raw.length())).replace("+", "%2B"),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.notFound("not_found", "There is no such resource."));
        }
    }

    /** Returns a parameter of the query, or none when it is absent or empty. */
    public static Optional<String> text(ServerRequest request, String name) {
        return request.query().first(name).asOptional().filter(value -> !value.isEmpty());
    }

    /** Returns every value of a parameter that may repeat, also written as {@code name[]}. */
    public static List<String> texts(ServerRequest request, String name) {
        List<String> plain = request.query().contains(name) ? request.query().all(name) : List.of();
        String array = name + "[]";
        if (!request.query().contains(array)) {
            return List.copyOf(plain);
        }
        return java.util.stream.Stream.concat(plain.stream(), request.query().all(array).stream())
                .toList();
    }

    /** Returns the size of a page: 1 to 100, 20 when absent. */
    public static int limit(ServerRequest request) {
        return limit(request, DEFAULT_LIMIT, MAX_LIMIT);
    }

    /** Returns the size of a page: 1 to a most, a default when absent. */
    public static int limit(ServerRequest request, int otherwise, int most) {
        Optional<String> text = text(request, "limit");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int limit = Integer.parseInt(text.get());
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // refused below, as what is out of range
        }
        throw new ApiException(
                ApiError.invalid(
                        "invalid_value", "limit must be between 1 and " + most + ".", "limit"));
    }

    /** Returns whether the oldest come first: {@code order=asc}; newest first is the default. */
    public static boolean ascending(ServerRequest request) {
        return switch (text(request, "order").orElse("desc")) {
            case "asc" -> true;
            case "desc" -> false;
            default ->
                    throw new ApiException(
                            ApiError.invalid(
                                    "invalid_value", "order must be asc or desc.", "order"));
        };
    }
}
