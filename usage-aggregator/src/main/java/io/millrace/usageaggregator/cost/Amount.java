package io.millrace.usageaggregator.cost;

import io.millrace.schemas.money.NanoDollars;
import java.math.BigDecimal;

/**
 * A sum of money as clients read it: exact, without needless zeros.
 *
 * @param value in units of the currency; its scale is 0 to 9
 * @param currency ISO 4217 in lower case, as OpenAI writes it
 */
public record Amount(BigDecimal value, String currency) {

    /** Returns the amount of a sum, in US dollars. */
    public static Amount of(NanoDollars sum) {
        BigDecimal usd = sum.toUsd().stripTrailingZeros();
        return new Amount(usd.scale() < 0 ? usd.setScale(0) : usd, "usd");
    }
}
