def handler(event, context):
    print('{}')
    return {"ok": True}
