using Gatehouse.Benchmarks;

if (args is ["bare", var port])
    return await BareHost.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
if (args is ["bare-rpc", var http, var rpc])
    return await BareHost.RunAsync(
        int.Parse(http, System.Globalization.CultureInfo.InvariantCulture),
        int.Parse(rpc, System.Globalization.CultureInfo.InvariantCulture)
    );
if (args is ["relying", var relying, .. var settings])
    return await BareHost.RunRelyingAsync(int.Parse(relying, System.Globalization.CultureInfo.InvariantCulture), settings);
if (args is [var program, ..] && File.Exists(program))
    return await Bench.RunAsync(
        program,
        quick: Environment.GetEnvironmentVariable("BENCH_QUICK") == "1",
        only: Environment.GetEnvironmentVariable("BENCH_ONLY"),
        baseline: Environment.GetEnvironmentVariable("BENCH_BASELINE_PROGRAM")
    );

await Console.Error.WriteLineAsync("Usage: make bench, or BENCH_QUICK=1 make bench for a rough look within two minutes");
return 2;
