package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.admission.Admission;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.servicekit.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The models a caller may ask for, under {@code /v1/models}. */
public final class ModelRoutes implements HttpService {

    private static final String PATH = "/v1/models/";

    private final Authentication authentication;
    private final Supplier<Control> control;

    /** Wires the routes. */
    public ModelRoutes(Authentication authentication, Supplier<Control> control) {
        this.authentication = authentication;
        this.control = control;
    }

    @Override
    public void routing(HttpRules rules) {
        // ids may hold slashes, which clients send as %2F
        rules.get("/", this::list).get("/{+id}", this::show);
    }

    private void list(ServerRequest request, ServerResponse answer) {
        Caller caller = caller(request);
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        for (Control.Model model : control.get().models()) {
            for (String name : names(model)) {
                if (!name.endsWith("*") && caller.mayUse(name)) {
                    data.add(json(name, model));
                }
            }
        }
        Answers.json(answer, 200, body);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        Caller caller = caller(request);
        String name = Inputs.rest(request, PATH);
        Control.Model model =
                control.get()
                        .model(name)
                        .filter(_ -> caller.mayUse(name))
                        .orElseThrow(() -> new ApiException(Admission.unknownModel(name)));
        Answers.json(answer, 200, json(name, model));
    }

    private Caller caller(ServerRequest request) {
        return authentication.caller(request).withAnyOf(Role.READ, Role.SUBMIT);
    }

    private static List<String> names(Control.Model model) {
        List<String> names = new ArrayList<>();
        names.add(model.state().getName());
        names.addAll(model.state().getAliases());
        return names;
    }

    private static ObjectNode json(String name, Control.Model model) {
        ObjectNode body = Json.object();
        body.put("id", name);
        body.put("object", "model");
        body.put("created", model.record().getUpdatedAt().getEpochSecond());
        body.put("owned_by", "millrace");
        return body;
    }
}
