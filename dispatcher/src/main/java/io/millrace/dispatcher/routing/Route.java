package io.millrace.dispatcher.routing;

import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.TargetState;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Price;
import io.millrace.schemas.money.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * What a model's name means: where its calls go, how they are spread, and what they cost.
 *
 * @param model name of the model as control has it
 * @param maxOutput output tokens to assume when a request names none
 * @param fallbacks models to use instead while all targets are out, in order
 */
public record Route(
        String model,
        Strategy strategy,
        List<Target> targets,
        Price price,
        Optional<Tokens> maxOutput,
        List<String> fallbacks) {

    public Route {
        targets = List.copyOf(targets);
        fallbacks = List.copyOf(fallbacks);
    }

    /** Returns the route of a model's state. */
    public static Route from(ModelState state) {
        NanoDollars input = new NanoDollars(state.getInputNanoUsdPerMillion());
        NanoDollars cached =
                state.getCachedInputNanoUsdPerMillion() == null
                        ? input
                        : new NanoDollars(state.getCachedInputNanoUsdPerMillion());
        return new Route(
                state.getName(),
                Strategy.named(state.getStrategy()),
                state.getTargets().stream().map(target -> target(target, state)).toList(),
                new Price(
                        input,
                        new NanoDollars(state.getOutputNanoUsdPerMillion()),
                        cached,
                        state.getPriceVersion()),
                Optional.ofNullable(state.getMaxOutputTokens()).map(Tokens::new),
                state.getFallbacks());
    }

    /** Returns the target with the model's name at the provider filled in for a trailing star. */
    public Target concrete(Target target, String askedFor) {
        return target.model().equals("*")
                ? new Target(target.provider(), askedFor, target.weight(), target.cost())
                : target;
    }

    private static Target target(TargetState target, ModelState model) {
        // halves: two prices near the largest number must not become a negative one
        long mean = model.getInputNanoUsdPerMillion() / 2 + model.getOutputNanoUsdPerMillion() / 2;
        Long own = target.getCostNanoUsdPerMillion();
        return new Target(
                target.getProvider(),
                target.getModel(),
                target.getWeight(),
                new NanoDollars(own == null ? mean : own));
    }
}
