using System.Diagnostics;
using OpenTelemetry;

namespace Gatehouse.Core.Telemetry;

/// <summary>Takes from every span what may name a user: paths hold usernames, queries hold links, and addresses and agents are personal
/// too.</summary>
internal sealed class PersonalTags : BaseProcessor<Activity>
{
    private static readonly string[] Removed =
    [
        "url.path",
        "url.query",
        "url.full",
        "http.url",
        "http.target",
        "client.address",
        "client.port",
        "network.peer.address",
        "network.peer.port",
        "user_agent.original",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in Removed)
        {
            if (data.GetTagItem(tag) is not null)
                data.SetTag(tag, value: null);
        }
    }
}
