using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Split.Protocol;
using Google.Protobuf;

namespace Gatehouse.Split;

/// <summary>Has personal members opened by the process that holds the keys.</summary>
internal sealed class RemoteUserKeys(SplitClient identity) : IUserKeys
{
    public async ValueTask<T?> OpenAsync<T>(Encrypted<T> personal, CancellationToken cancellationToken)
        where T : class, IPersonalData
    {
        var reply = await identity.OpenAsync(
            new OpenRequest
            {
                Subject = personal.Subject.ToString(),
                Schema = T.Schema,
                Data = ByteString.FromBase64(personal.Data),
            },
            cancellationToken
        );
        return reply.HasPlain ? (T)JsonSerializer.Deserialize(reply.Plain.Span, typeof(T), EventJson.Default)! : null;
    }
}
