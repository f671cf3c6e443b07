using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Telemetry;
using Gatehouse.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Gatehouse.Tests.Core.Telemetry;

[Collection("Traces")]
public class TelemetryTests
{
    [Fact]
    public async Task Metrics_are_served_with_route_templates_only()
    {
        await using var host = await StartAsync();
        await host.Client.GetStringAsync(new Uri("/usernames/asha-personal?token=hidden", UriKind.Relative));
        using var answer = await host.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(PrometheusExporter.ContentType, answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("""http_route="/usernames/{name}",""", page, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket", page, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", page, StringComparison.Ordinal);
        Assert.DoesNotContain("asha-personal", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_leave_without_paths_queries_addresses_and_agents()
    {
        var spans = new List<Activity>();
        using var sent = new SemaphoreSlim(0);
        var trace = ActivityTraceId.CreateRandom();
        using var tracer = Sdk.CreateTracerProviderBuilder()
            .AddSource("Microsoft.AspNetCore")
            .AddProcessor(new PersonalTags())
            .AddProcessor(new Collecting(trace, spans, sent))
            .Build();
        await using var host = await StartAsync();
        host.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        host.Client.DefaultRequestHeaders.UserAgent.ParseAdd("agent-personal/1");
        await host.Client.GetStringAsync(new Uri("/usernames/asha-personal?token=hidden", UriKind.Relative));
        using var unknown = await host.Client.GetAsync(new Uri("/nowhere/asha-personal", UriKind.Relative));
        using var failing = await host.Client.GetAsync(new Uri("/failing/asha-personal", UriKind.Relative));
        for (var i = 0; i < 3; i++)
            Assert.True(await sent.WaitAsync(TimeSpan.FromMinutes(2)));

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(
            ["GET", "GET /failing/{name}", "GET /usernames/{name}"],
            spans.Select(span => span.DisplayName).Order(StringComparer.Ordinal)
        );
        Assert.Contains(spans, span => span is { Status: ActivityStatusCode.Error, DisplayName: "GET /failing/{name}" });
        var all = string.Join(
            '\n',
            spans.Select(span =>
                $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"
            )
        );
        Assert.Contains("http.response.status_code", all, StringComparison.Ordinal);
        Assert.DoesNotContain("personal", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", all, StringComparison.Ordinal);
        Assert.DoesNotContain("url.path", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Personal_tags_of_any_source_are_removed()
    {
        using var span = new Activity("x")
            .SetTag("url.path", "/usernames/asha")
            .SetTag("url.query", "?token=1")
            .SetTag("client.address", "192.0.2.1")
            .SetTag("kept", "1");
        using var filter = new PersonalTags();
        filter.OnEnd(span);
        Assert.Equal(["kept"], span.TagObjects.Select(tag => tag.Key));
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_traced()
    {
        await using var host = await StartAsync();
        Assert.Equal("", await host.Client.GetStringAsync(new Uri("/traced", UriKind.Relative)));
    }

    [Fact]
    public async Task With_a_collector_requests_are_traced()
    {
        await using var host = await StartAsync(
            new() { ["Gatehouse:Telemetry:OtlpEndpoint"] = "http://127.0.0.1:9", ["Gatehouse:Telemetry:SamplingRatio"] = "1" }
        );
        Assert.Equal("True", await host.Client.GetStringAsync(new Uri("/traced", UriKind.Relative)));
    }

    [Fact]
    public async Task What_reaches_the_collector_names_the_service_and_no_person()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await HttpHost.StartAsync(app =>
            app.Run(async http =>
            {
                // Protobuf writes text as it is, so it can be searched for.
                using var body = new StreamReader(http.Request.Body, Encoding.Latin1);
                received[http.Request.Path.Value!] = await body.ReadToEndAsync(http.RequestAborted);
            })
        );
        await using (
            var host = await StartAsync(
                new()
                {
                    ["Gatehouse:Telemetry:OtlpEndpoint"] = collector.Address.ToString(),
                    ["Gatehouse:Telemetry:OtlpTransport"] = "HttpProtobuf",
                    ["Gatehouse:Telemetry:SamplingRatio"] = "1",
                    ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=staging,service.name=misnamed",
                }
            )
        )
        {
            host.Client.DefaultRequestHeaders.UserAgent.ParseAdd("agent-personal/1");
            await host.Client.GetStringAsync(new Uri("/usernames/asha-personal?token=hidden", UriKind.Relative));
            using var unknown = await host.Client.GetAsync(new Uri("/nowhere/asha-personal", UriKind.Relative));
            await host.StopAsync();
        }

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], received.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("http.server.request.duration", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("GET /usernames/{name}", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("GET /usernames/{name} 200 in ", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("Gatehouse.AccessLog", received["/v1/logs"], StringComparison.Ordinal);
        Assert.All(
            received.Values,
            text =>
            {
                Assert.Contains("gatehouse", text, StringComparison.Ordinal);
                Assert.Contains("staging", text, StringComparison.Ordinal);
                Assert.DoesNotContain("misnamed", text, StringComparison.Ordinal);
                Assert.DoesNotContain("personal", text, StringComparison.Ordinal);
                Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("ftp://collector.example.com")]
    public async Task A_collector_that_is_no_http_address_stops_the_start(string endpoint) =>
        await Assert.ThrowsAsync<SettingsException>(() => StartAsync(new() { ["Gatehouse:Telemetry:OtlpEndpoint"] = endpoint }));

    private static Task<HttpHost> StartAsync(Dictionary<string, string?>? settings = null) =>
        HttpHost.StartAsync(
            app =>
            {
                app.MapGet("/usernames/{name}", (string name) => name);
                app.MapGet("/traced", (HttpContext http) => http.Features.Get<IHttpActivityFeature>()?.Activity.Recorded.ToString() ?? "");
                app.MapGet("/failing/{name}", IResult (string name) => throw new InvalidOperationException(name));
                app.MapGet("/metrics", (PrometheusExporter metrics) => TypedResults.Text(metrics.Scrape(), PrometheusExporter.ContentType));
            },
            settings,
            builder => builder.Services.AddGatehouseTelemetry(builder.Configuration)
        );

    private sealed class Collecting(ActivityTraceId trace, List<Activity> spans, SemaphoreSlim sent) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.TraceId != trace)
                return;
            lock (spans)
                spans.Add(data);
            sent.Release();
        }
    }
}
